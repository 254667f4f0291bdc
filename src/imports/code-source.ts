import type { ClaimedImport, RepositoryClaim, UploadClaim } from "#imports/claim-import.ts";

/** Where code comes from. */
export interface CodeSource<C extends ClaimedImport = ClaimedImport> {
  /** Stores the files as a tree; nothing of the agent's own is touched. @returns the tree's name */
  fetch(claim: C, signal: AbortSignal): Promise<string>;
  /** Takes away what it left in the workspace; safe to repeat. */
  clear(claim: C): Promise<void>;
  /** what is said when nothing better is known */
  readonly failure: string;
}

export interface CodeSources {
  repository: CodeSource<RepositoryClaim>;
  upload: CodeSource<UploadClaim>;
}
