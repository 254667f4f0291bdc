/** Every figure and place of the supervisor. Nothing here is a rule that protects anybody: those live in the runner. */
export const SETTINGS = {
  /** what one stream may have in flight before its reader takes some (bytes) */
  streamWindow: 256 * 1024,
  /** what one link may have in flight over all its streams (bytes) */
  linkWindow: 4 * 1024 * 1024,
  /** what the library may hold for one link before it drops streams (megabytes) */
  linkMemoryMB: 256,
  /** largest JSON body that is read (bytes); a snippet's code and its standard input travel in one */
  bodyLimit: 32 * 1024 * 1024,
  /** output kept of each stream of a process when the caller says nothing (bytes) */
  outputLimit: 1024 * 1024,
  /** journalled output is gathered this long into one piece (ms), or up to this size (bytes) */
  pieceMs: 15,
  pieceBytes: 16 * 1024,
  /** how often an unfinished process of an earlier life of the workspace is started again */
  maxStarts: 2,
  /** finished journals are kept this long (ms): acknowledged, and not */
  keepAcknowledgedMs: 24 * 3600 * 1000,
  keepJournalMs: 7 * 24 * 3600 * 1000,
  /** how long output may still come after the last process of a group was killed (ms) */
  drainMs: 2000,
  /** the processes of users are the kernel's first choice when memory runs out, before the supervisor */
  oomScore: 800,
  /** a longer path cannot be asked for (bytes): a tree that has one is not listed */
  pathMost: 4000,
  /** how long a figure of the disk may be told again without counting anew (ms) */
  diskFigureMs: 5000,
} as const;

export interface Places {
  workspace: string;
  socket: string;
  journal: string;
  /** where files on their way in lie until they are complete; of the workspace's own disk, so that a rename moves them */
  uploads: string;
}

export function agentDirectory(places: Places, agentId: string): string {
  return `${places.workspace}/agent-${agentId}`;
}
