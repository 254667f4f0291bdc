import { sha256 } from "#platform/crypto.ts";
import { AppError } from "#platform/errors.ts";

/** A file of a stored tree. */
export interface TreeEntry {
  path: string;
  /** as git writes it */
  mode: "100644" | "100755";
  /** SHA-256 of the content */
  hash: string;
  size: number;
}

/** What is never part of a result: what tools make and what is private. Names, at any depth. */
export const SKIPPED_NAMES = ["node_modules", ".venv", "__pycache__", ".git", ".carrel", ".env"];

/** Sorted by code unit, so that the order is the same on every machine. */
export function sortEntries(entries: TreeEntry[]): TreeEntry[] {
  return entries.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/**
 * The name of a tree: SHA-256 over its sorted `mode path hash` lines.
 * @throws AppError bad_request for a path with a control character, which could forge a line
 */
export function treeHash(entries: TreeEntry[]): string {
  const lines = sortEntries(entries).map(({ mode, path, hash }) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    if (/[\u0000-\u001f\u007f]/.test(path))
      throw new AppError(
        "bad_request",
        `A file has a control character in its name: ${JSON.stringify(path)}.`,
      );
    return `${mode} ${path} ${hash}\n`;
  });
  return sha256(lines.join(""));
}
