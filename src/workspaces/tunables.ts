/** Every time, size and count of the workspaces, in one place. Times in milliseconds, sizes in bytes. */
export const TUNABLES = {
  /** how long a workspace and a runner stay ours without a sign of life; a dead runner's work waits this long */
  leaseMs: 6_000,
  /** how often the lease is renewed: three chances before it lapses */
  renewMs: 2_000,
  /** a lease is given up this long before the database would, so that clocks' drift harms nobody */
  leaseMarginMs: 1_000,

  /** not used and not watched for so long: paused, where the platform can; stopped */
  pauseAfterMs: 10 * 60_000,
  stopAfterMs: 60 * 60_000,
  /** how often a runner looks after its workspaces: who rests, what they use */
  keepMs: 5_000,
  /** figures that are younger are shown as they are to whoever asks */
  figuresFreshMs: 7_500,
  /** how often it compares them with what runs on its host */
  reconcileMs: 30_000,
  /** web says this often that a user's socket is open, and it holds this long */
  watchMs: 30_000,
  watchedMs: 90_000,
  /** a workspace whose files are counted by walking them is counted this rarely */
  diskWalkMs: 30_000,

  /** an open waits so long for a place on a full host; who comes back within lineKeptMs has the same place in line */
  queueMs: 25_000,
  lineKeptMs: 60_000,
  /** how often the line is served while somebody waits in it; how long its rows hold */
  lineMs: 1_000,
  waitRowMs: 10_000,
  /** a run's wish for a place holds so long without being repeated; a place that was given to it is kept so long */
  wishMs: 6_000,
  placeKeptMs: 3_000,
  /** one that somebody used a moment ago is not stopped to make room */
  roomIdleMs: 10_000,

  /** a start that takes longer than this has failed */
  startMs: 15_000,
  /** containers that are started at once; of fifty that share an engine's processors none is up in that time */
  startsAtOnce: 4,
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
  /** the second link, when it broke, is offered again after this, then ever later */
  redialFirstMs: 100,
  redialMostMs: 5_000,

  /** what one stream may have in flight, what one link may, and what may wait to be written before it is dropped */
  streamWindow: 256 * 1024,
  linkWindow: 4 * 1024 * 1024,
  linkQueue: 8 * 1024 * 1024,
  /** what the library may hold for one link before it drops streams (megabytes) */
  linkMemoryMB: 256,

  /** the second link: of one stream, sent by a workspace and not yet taken; what the library may hold (megabytes) */
  reverseStreamWindow: 64 * 1024,
  reverseMemoryMB: 48,
  /** ways out of one workspace: open at once, and newly asked for in a minute */
  egressConnections: 256,
  egressPerMinute: 1_200,
  /** how many addresses of a name are tried; how long each may take to answer */
  egressAddresses: 4,
  egressConnectMs: 10_000,
  /** a way out without a byte in either direction is closed */
  egressIdleMs: 10 * 60_000,
  /** how soon a change of the policy ends what it no longer allows */
  egressRecheckMs: 3_000,
  /** records of connections: gathered so long, at most so many waiting, kept so many days, and so many of each user */
  egressLogMs: 500,
  egressLogWaiting: 20_000,
  egressLogDays: 30,
  egressLogMost: 10_000,
  egressSweepMs: 3600_000,

  /** where a Python index keeps its files: how many hosts it may name, and how long it is left alone when it did not answer */
  fileHostsMost: 4,
  fileHostsRetryMs: 10 * 60_000,

  /** the cache of packages on a host: all of it, one file, one list of versions */
  packageCacheBytes: 10 * 1024 ** 3,
  packageFileMost: 1024 ** 3,
  packageQuestionMost: 4 * 1024 * 1024,
  packageListMost: 32 * 1024 * 1024,
  /** how often the content of replaced lists is removed; how often the whole cache is read and put in order */
  packageDropMs: 60_000,
  packageVerifyMs: 24 * 3600_000,
  /** a list of versions is asked for again after this */
  packageFreshMs: 5 * 60_000,
  /** fetched for one workspace at once; headers, and silence in the middle of a body */
  packageFetches: 16,
  packageAnswerMs: 30_000,
  /** requests of a workspace to a registry with less than this between them are one record */
  packageQuietMs: 5_000,

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

  /** how old an agent's private environment may be for the masking of files that are read, and how many are held so long */
  environmentMs: 1_000,
  environmentsSeen: 1_000,

  /** tmpfs of a sandbox: /tmp, /run */
  tmpBytes: 256 * 1024 * 1024,
  runBytes: 1024 * 1024,
  /** shared memory of a container, part of its memory */
  shmBytes: 64 * 1024 * 1024,
  /** uids of sandboxes when the runner is root: this plus the workspace's slot */
  firstUid: 200_000,
} as const;
