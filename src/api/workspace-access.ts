import type { File, Snippet, SnippetResult, Workspace } from "#api/schema/workspace.ts";

/** What the API asks of a user's workspace, wherever it runs. */
export interface WorkspaceAccess {
  read(userId: string): Promise<Workspace>;
  start(userId: string): Promise<void>;
  stop(userId: string): Promise<void>;
  restart(userId: string): Promise<void>;
  destroy(userId: string): Promise<void>;
  listFiles(userId: string, agentId: string, path: string): Promise<File[]>;
  readFile(
    userId: string,
    agentId: string,
    path: string,
    signal: AbortSignal,
  ): Promise<{ body: ReadableStream<Uint8Array>; size: number | null }>;
  writeFile(
    userId: string,
    agentId: string,
    path: string,
    body: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void>;
  removeFile(userId: string, agentId: string, path: string): Promise<void>;
  exec(
    userId: string,
    agentId: string,
    snippet: Snippet & { timeoutMs: number },
    signal: AbortSignal,
  ): Promise<SnippetResult>;
  removeAgent(userId: string, agentId: string): Promise<void>;
  restore(userId: string, agentId: string, treeHash: string): Promise<void>;
}
