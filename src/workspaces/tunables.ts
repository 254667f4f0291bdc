/** Every time, size and count of the workspaces, in one place. Times in milliseconds, sizes in bytes. */
export const TUNABLES = {
  /** how long a workspace and a runner stay ours without a sign of life; a dead runner's work waits this long */
  leaseMs: 6_000,
  /** how often the lease is renewed: three chances before it lapses */
  renewMs: 2_000,
  /** a lease is given up this long before the database would, so that clocks' drift harms nobody */
  leaseMarginMs: 1_000,

  /** a start that takes longer than this has failed */
  startMs: 15_000,
  /** how long a stop waits for the last process to go */
  stopMs: 5_000,
  /** between two looks at whether the supervisor listens */
  startPollMs: 5,
  /** a lock on a start is taken from its holder after this long, dead or frozen */
  startLockMs: 20_000,

  /** whether a container engine answers at all; one call to it; one that makes, starts, ends or removes a container, with many others at once */
  engineFirstMs: 3_000,
  engineMs: 15_000,
  engineSlowMs: 60_000,
  /** how long a closed exec stream's program may take to end before a pause goes on without it */
  execEndMs: 2_000,

  /** dial and first answer */
  dialMs: 5_000,
  /** PING on an idle link; a link that does not answer within pingDeadlineMs is dropped */
  pingMs: 15_000,
  pingDeadlineMs: 10_000,
  /** an answer to a small call, and to one that carries a file or a long list */
  callMs: 15_000,
  transferMs: 60_000,
  /** an upload that comes at its sender's pace */
  uploadMs: 10 * 60_000,
  /** given to the supervisor to end a process at its limit, before we stop believing it */
  graceMs: 5_000,
  /** a link lost in the middle of a journalled process is dialled again this often without any progress */
  redials: 3,

  /** what one stream may have in flight, what one link may, and what may wait to be written before it is dropped */
  streamWindow: 256 * 1024,
  linkWindow: 4 * 1024 * 1024,
  linkQueue: 8 * 1024 * 1024,
  /** what the library may hold for one link before it drops streams (megabytes) */
  linkMemoryMB: 256,

  /** output kept of each stream of a process, when not said, and at most */
  outputLimit: 1024 * 1024,
  outputLimitMost: 8 * 1024 * 1024,
  /** longest time one process may be given */
  processMsMost: 60 * 60_000,
  standardInputMost: 8 * 1024 * 1024,
  /** files: entries of a list, one file */
  listMost: 10_000,
  fileMost: 100 * 1024 * 1024,
  /** an answer in JSON that is larger than this is not believed */
  answerMost: 16 * 1024 * 1024,

  /** snippets: at once per user, time when not said, time at most */
  snippetsAtOnce: 3,
  snippetMs: 60_000,
  snippetMsMost: 300_000,
  snippetCodeMost: 1024 * 1024,

  /** tmpfs of a sandbox: /tmp, /run */
  tmpBytes: 256 * 1024 * 1024,
  runBytes: 1024 * 1024,
  /** shared memory of a container, part of its memory */
  shmBytes: 64 * 1024 * 1024,
  /** uids of sandboxes when the runner is root: this plus the workspace's slot */
  firstUid: 200_000,
} as const;
