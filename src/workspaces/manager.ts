import type pg from "pg";
import type { Database } from "#platform/db.ts";
import { AppError, isAppError } from "#platform/errors.ts";
import type { Logger } from "#platform/log.ts";
import { restoreTree } from "#snapshots/restore-tree.ts";
import type { RunnerHost, WorkspaceDriver } from "#workspaces/driver.ts";
import type { Egress } from "#workspaces/egress.ts";
import type { Environments } from "#workspaces/environments.ts";
import type { Keeper } from "#workspaces/held-workspace.ts";
import { Holdings } from "#workspaces/holdings.ts";
import { Admission, type Waiting } from "#workspaces/lifecycle/admission.ts";
import { type HostFloor, hostShort } from "#workspaces/lifecycle/host-short.ts";
import { Housekeeping } from "#workspaces/lifecycle/housekeeping.ts";
import type { RestTimes } from "#workspaces/lifecycle/look-after.ts";
import { spareOne } from "#workspaces/lifecycle/look-after.ts";
import { WaitRows } from "#workspaces/lifecycle/wait-rows.ts";
import { takeWorkspace } from "#workspaces/ownership.ts";
import { Platforms } from "#workspaces/platforms.ts";
import { runSnippet, type Snippet, SnippetGate, type SnippetResult } from "#workspaces/run-snippet.ts";
import { registerRunner, removeRunner, removeSilentRunners } from "#workspaces/runner-registry.ts";
import { TUNABLES } from "#workspaces/tunables.ts";
import type { Workspace } from "#workspaces/workspace.ts";
import { readRow, writeState } from "#workspaces/workspace-row.ts";

export interface WorkspacesOptions {
  db: Database;
  /** what new workspaces get comes first; the others serve those that were made with them */
  drivers: WorkspaceDriver[];
  runnerId: string;
  /** how web reaches this runner, e.g. http://127.0.0.1:4100 */
  address: string;
  log: Logger;
  /** how workspaces reach others; none: not at all */
  egress?: Egress;
  /** agents' private environments; none where nobody keeps any */
  environments?: Environments;
  /** CARREL_HOME: the disk whose room is looked after */
  home: string;
  /** how many may run on this host at once */
  maxWorkspaces?: number;
  /** what the host must have left to start one more */
  floor?: HostFloor;
  rest?: RestTimes;
  leaseMs?: number;
  renewMs?: number;
  /** how often it looks after those that run, and compares with the host */
  keepMs?: number;
  reconcileMs?: number;
  /** how long an open waits for a place, and how long one must be idle to be stopped for it */
  queueMs?: number;
  roomIdleMs?: number;
}

/** The workspaces of one runner: which it owns, which are up, who waits for a place, and what may be asked of them. */
export class Workspaces {
  readonly #options: Required<Omit<WorkspacesOptions, "environments" | "egress">> &
    Pick<WorkspacesOptions, "environments" | "egress">;
  readonly #platforms: Platforms;
  readonly #holdings: Holdings;
  readonly #admission: Admission;
  readonly #waits: WaitRows;
  readonly #housekeeping: Housekeeping;
  readonly #snippets = new SnippetGate();
  #short: "memory" | "disk" | null = null;
  #host: RunnerHost | null = null;
  #beat: NodeJS.Timeout | null = null;
  #beating: Promise<void> = Promise.resolve();
  #onRoom: (() => void) | null = null;

  constructor(options: WorkspacesOptions) {
    this.#options = {
      maxWorkspaces: 50,
      floor: { memoryBytes: 0, diskBytes: 0 },
      rest: TUNABLES,
      leaseMs: TUNABLES.leaseMs,
      renewMs: TUNABLES.renewMs,
      keepMs: TUNABLES.keepMs,
      reconcileMs: TUNABLES.reconcileMs,
      queueMs: TUNABLES.queueMs,
      roomIdleMs: TUNABLES.roomIdleMs,
      ...options,
    };
    const { db, runnerId, address, leaseMs, log, drivers } = this.#options;
    this.#platforms = new Platforms(drivers, log);
    this.#waits = new WaitRows(db.pool, runnerId, log);
    this.#admission = this.#createAdmission();
    const keeper = this.#createKeeper();
    this.#holdings = new Holdings({
      db,
      platforms: this.#platforms,
      runnerId,
      address,
      leaseMs,
      keeper,
      environments: this.#options.environments,
      egress: this.#options.egress,
    });
    this.#housekeeping = new Housekeeping({
      ...this.#options,
      sql: db.pool,
      holdings: this.#holdings,
      platforms: this.#platforms,
      admission: this.#admission,
    });
  }

  /** What this host holds and what not; known after begin(). */
  get host(): RunnerHost | null {
    return this.#host;
  }

  /** Places that are taken, places there are, and who waits for one. */
  get load(): {
    workspaces: number;
    maxWorkspaces: number;
    waiting: number;
    short: "memory" | "disk" | null;
  } {
    const { taken, line } = this.#admission;
    const { maxWorkspaces } = this.#options;
    return { workspaces: taken, maxWorkspaces, waiting: line.length, short: this.#short };
  }

  /** Tries the host, says that this runner lives, and keeps saying so. @throws AppError unavailable */
  async begin(): Promise<RunnerHost> {
    const { db, renewMs, log } = this.#options;
    this.#host = await this.#platforms.probe();
    await this.#register();
    await removeSilentRunners(db.pool);
    this.#beat = setInterval(() => {
      this.#beating = this.#renew().catch((error: unknown) => log.warn({ err: error }, "lease not renewed"));
    }, renewMs);
    this.#housekeeping.begin();
    return this.#host;
  }

  /** A workspace that is up and ours, started when it has to be. @throws AppError conflict, unavailable */
  async open(userId: string): Promise<Workspace> {
    const held = await this.#holdings.hold(userId);
    await held.up();
    return held;
  }

  /** Whether this runner owns it now, without asking the database. */
  owns(userId: string): boolean {
    return this.#holdings.find(userId) !== null;
  }

  /** Has its row say how it is now, without waking it. */
  async look(userId: string): Promise<void> {
    const held = this.#holdings.find(userId);
    if (held?.phase === "up") await this.#housekeeping.measure(held);
    else if (!held) await this.#housekeeping.reconcile();
  }

  async stop(userId: string): Promise<void> {
    await (await this.#holdings.hold(userId)).down();
  }

  /** Ends it and removes all data; the next use begins with an empty one. */
  async destroy(userId: string): Promise<void> {
    const held = await this.#holdings.hold(userId);
    await held.down();
    await this.#platforms.named(held.driverName).destroy(userId);
    await writeState(this.#options.db.pool, held, "absent");
  }

  async removeAgent(userId: string, agentId: string): Promise<void> {
    const row = await readRow(this.#options.db.pool, userId);
    if ((await this.#platforms.named(row?.driver).status(userId)).state === "absent") return;
    const held = await this.#holdings.hold(userId);
    await held.up();
    await held.removeAgent(agentId);
  }

  /** @throws AppError rate_limited, bad_request for a language that is not there */
  runSnippet(userId: string, agentId: string, snippet: Snippet, abort?: AbortSignal): Promise<SnippetResult> {
    return this.#snippets.pass(userId, async () =>
      runSnippet(await this.open(userId), agentId, snippet, abort),
    );
  }

  /** Makes the agent's directory hold a stored tree. @throws AppError not_found */
  async restore(userId: string, agentId: string, treeHash: string): Promise<void> {
    const workspace = await this.open(userId);
    await restoreTree(this.#options.db, userId, treeHash, workspace.agent(agentId));
  }

  /** Whose runs may be claimed here: null for anybody's, else only theirs, as the host has no place for others. */
  claimable(): string[] | null {
    return this.#admission.open ? null : this.#admission.holders();
  }

  /** For the claim of a run, in its transaction: this runner is the owner and has a place for it. */
  async claim(client: pg.PoolClient, userId: string): Promise<boolean> {
    const { runnerId, address, leaseMs } = this.#options;
    const place = this.#admission.reserve(userId);
    if (place === null) return false;
    const taken = await takeWorkspace(client, { userId, runnerId, address, leaseMs });
    if (taken === null && place === "taken") this.#admission.leave(userId);
    return taken !== null;
  }

  /** These runs found no place here. `onRoom` is called when one is kept for them. */
  awaitRoom(runs: Waiting[], onRoom: () => void): void {
    this.#onRoom = onRoom;
    this.#admission.want(runs);
  }

  /** Lets go of everything; what runs in there goes on for the next runner, unless `stop` ends it. */
  async close(options: { stop?: boolean } = {}): Promise<void> {
    const { db, runnerId } = this.#options;
    if (this.#beat) clearInterval(this.#beat);
    await this.#beating;
    await this.#housekeeping.end();
    this.#holdings.close();
    this.#admission.close();
    if (options.stop) {
      const running = await Promise.all(this.#platforms.usable().map((driver) => driver.running()));
      await Promise.all(running.flat().map((userId) => this.#stopForClose(userId)));
    }
    await this.#holdings.releaseAll();
    await this.#waits.close();
    await removeRunner(db.pool, runnerId);
  }

  async #stopForClose(userId: string): Promise<void> {
    try {
      await (await this.#holdings.take(userId)).down();
    } catch (error) {
      // Another runner's workspace, or one that does not end: the others must not wait for it.
      this.#options.log.warn({ err: error, userId }, "workspace not stopped");
    }
  }

  #createAdmission(): Admission {
    const { db, maxWorkspaces, queueMs, roomIdleMs, log } = this.#options;
    return new Admission({
      max: maxWorkspaces,
      waitMs: queueMs,
      short: () => this.#short,
      makeRoom: () =>
        spareOne(db.pool, this.#holdings.all(), roomIdleMs).catch((error: unknown) => {
          log.warn({ err: error }, "no room could be made");
          return false;
        }),
      called: () => this.#onRoom?.(),
      shown: (line) => this.#waits.show(line),
    });
  }

  #createKeeper(): Keeper {
    const { db } = this.#options;
    return {
      enter: (held, signal) => this.#admission.enter(held.userId, signal),
      leave: (held) => this.#admission.leave(held.userId),
      turned: async (held, state) => {
        const host = this.#platforms.report(held.driverName);
        const seen = { languages: held.languages, ...(host ? { host } : {}) };
        await writeState(db.pool, held, state, state === "running" ? seen : {});
        if (state === "running") this.#housekeeping.measureSoon(held);
      },
      async failed(held, error) {
        if (isAppError(error) && error.code === "conflict") return;
        await writeState(db.pool, held, "failed", {
          error: isAppError(error) ? error.message : "It did not start.",
        });
      },
      outOfMemory: (held, kill) => this.#housekeeping.noteKill(held, kill),
    };
  }

  async #renew(): Promise<void> {
    await this.#register();
    await this.#holdings.renew();
  }

  async #register(): Promise<void> {
    const { db, runnerId, address, leaseMs, home, floor } = this.#options;
    this.#short = await hostShort(home, floor);
    const host = this.#host;
    if (!host) throw new AppError("unavailable", "This runner does not know its host yet.");
    await registerRunner(db.pool, { id: runnerId, address, host, leaseMs, load: this.load });
  }
}
