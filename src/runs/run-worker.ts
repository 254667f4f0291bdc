import type pg from "pg";
import { type Listener, listenOn } from "#platform/listen.ts";
import { claimRun, listUnclaimed } from "#runs/execution/claim-run.ts";
import { type ExecutionServices, executeRun } from "#runs/execution/execute-run.ts";
import { Leases } from "#runs/execution/leases.ts";
import { CONTENDED_MS, HAND_OVER_MS, POLL_MS } from "#runs/tunables.ts";
import { readNotice, WORK_CHANNEL } from "#runs/work-channel.ts";

export interface WorkerOptions extends ExecutionServices {
  databaseUrl: string;
  runnerId: string;
  /** runs executed at once on this host */
  maxRuns: number;
  places: Places;
  /** after how long without an event a run stands still (ms); default STANDS_STILL_MS */
  standsStillMs?: number;
}

/** What this host's workspaces say to the claiming of runs. */
export interface Places {
  /** Whose runs may be claimed here: null for anybody's, else only theirs. */
  claimable(): string[] | null;
  /** Whether this runner owns the user's workspace, or has just become its owner, and has a place for it. */
  claim(client: pg.PoolClient, userId: string): Promise<boolean>;
  /** These found no place. `onRoom` is called when one is kept for them. */
  awaitRoom(runs: { userId: string; since: number }[], onRoom: () => void): void;
}

export interface RunWorker {
  /** runs being executed now */
  readonly active: number;
  /** Claims no more and lets go of every run, so that other runners go on at once. */
  stop(): Promise<void>;
}

/** Claims and executes runs until it is stopped. */
export async function startRunWorker(options: WorkerOptions): Promise<RunWorker> {
  const worker = new Worker(options);
  await worker.start();
  return worker;
}

class Worker implements RunWorker {
  readonly #options: WorkerOptions;
  readonly #leases: Leases;
  readonly #executions = new Set<Promise<void>>();
  #listener: Listener | null = null;
  #poll: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #claiming: Promise<void> | null = null;
  #again = false;
  #stopping = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#leases = new Leases(options.db.pool, options.runnerId, options.log, options.standsStillMs);
  }

  get active(): number {
    return this.#executions.size;
  }

  async start(): Promise<void> {
    this.#listener = await listenOn(this.#options.databaseUrl, WORK_CHANNEL, {
      notification: (payload) => this.#hear(payload),
      connected: () => this.#look(),
      log: this.#options.log,
    });
    this.#poll = setInterval(() => this.#look(), POLL_MS);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#poll);
    clearTimeout(this.#soon);
    await this.#listener?.close();
    await this.#claiming;
    this.#leases.stop();
    const timer = new Promise<void>((resolve) => setTimeout(resolve, HAND_OVER_MS).unref());
    await Promise.race([Promise.all(this.#executions), timer]);
    this.#leases.close();
  }

  #hear(payload: string): void {
    const notice = readNotice(payload);
    if (notice?.kind === "cancel") this.#leases.cancel(notice.runId);
    else this.#look();
  }

  /** Claims what there is; whoever calls while it does makes it look once more. */
  #look(): void {
    this.#again = true;
    this.#claiming ??= this.#claim().finally(() => {
      this.#claiming = null;
      if (this.#again && !this.#stopping) this.#look();
    });
  }

  /** Runs that nobody took, as no host had a place for their workspaces, stand in this one's line. */
  async #awaitRoom(): Promise<void> {
    const { db, runnerId, places } = this.#options;
    const runs = await listUnclaimed(db.pool, runnerId);
    if (runs.length > 0) places.awaitRoom(runs, () => this.#look());
  }

  #lookSoon(): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.#look(), CONTENDED_MS * (0.5 + Math.random()));
  }

  async #claim(): Promise<void> {
    const { db, runnerId, maxRuns, places, log } = this.#options;
    const takeWorkspace = places.claim.bind(places);
    try {
      while (this.#again && !this.#stopping) {
        this.#again = false;
        while (!this.#stopping && this.#executions.size < maxRuns) {
          const claimedAt = performance.now();
          const only = places.claimable();
          const claim = await claimRun(db.pool, { runnerId, takeWorkspace, only });
          if (claim === null && only !== null) await this.#awaitRoom();
          if (claim === "contended") this.#lookSoon();
          if (claim === null || claim === "contended") break;
          const lease = this.#leases.hold(claim, claimedAt);
          const execution: Promise<void> = executeRun(this.#options, claim, lease).finally(() => {
            this.#leases.release(lease);
            this.#executions.delete(execution);
            this.#look();
          });
          this.#executions.add(execution);
        }
      }
    } catch (error) {
      // The poll looks again.
      this.#again = false;
      log.warn({ err: error }, "could not claim; will try again");
    }
  }
}
