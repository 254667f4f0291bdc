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
  /** how long a kill may take before the agent's keeper, which should tell of it, is killed, too */
  stuckMs: 4000,
  /** how often a start is tried while it cannot be, and how long between (ms) */
  startAttempts: 20,
  startAgainMs: 100,
  /** how long an agent's keeper stays that has nothing to do (ms) */
  keeperIdleMs: 30_000,
  /** how long nothing may have been asked for before memory is given back (ms): after keepers, and after V8's own clean-up */
  trimAfterMs: 35_000,
  /** what one agent may have of the workspace's memory and processes, so that the others have some */
  agentShare: 0.75,
  /** how often what the agents take is looked at while something runs (ms): as a rule, and when one has half its share */
  lookMs: 250,
  lookCloselyMs: 50,
  /** the processes of users are the kernel's first choice when memory runs out, before the supervisor */
  oomScore: 800,
  /** a longer path cannot be asked for (bytes): a tree that has one is not listed */
  pathMost: 4000,
  /** how long a figure of the disk may be told again without counting anew (ms) */
  diskFigureMs: 5000,
  /** how long a program that wants out waits for a link to the platform (ms): a runner that died has come back by then */
  linkWaitMs: 15_000,
  /** connections that each loopback port takes at once */
  loopbackConnections: 400,
  /** one of them without a byte in either direction is closed (ms); the runner closes its ways out before that */
  loopbackIdleMs: 15 * 60_000,
  /** connections that the supervisor's own socket takes at once; how long one may take to show its key (ms) */
  linkConnections: 64,
  greetMs: 2000,
} as const;

/** On this workspace's own loopback. */
export const PORTS = { proxy: 3128, npm: 3129, pypi: 3130, models: 3131 } as const;

export interface Places {
  workspace: string;
  socket: string;
  journal: string;
  /** where files on their way in lie until they are complete; of the workspace's own disk, so that a rename moves them */
  uploads: string;
  /** the program that keeps an agent's processes apart from the others'; null where there is none */
  keeper: string | null;
}

export function agentDirectory(places: Places, agentId: string): string {
  return `${places.workspace}/agent-${agentId}`;
}

/** Where programs of an agent put what is temporary: its own, and not listed with its files. */
export function temporaryDirectory(places: Places, agentId: string): string {
  return `${places.workspace}/.tmp/${agentId}`;
}
