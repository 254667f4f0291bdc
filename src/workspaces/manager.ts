import { type Database, inTransaction } from "#platform/db.ts";
import { AppError, isAppError } from "#platform/errors.ts";
import type { Logger } from "#platform/log.ts";
import { restoreTree } from "#snapshots/restore-tree.ts";
import type { HostReport, RunnerHost, WorkspaceDriver } from "#workspaces/driver.ts";
import { HeldWorkspace } from "#workspaces/held-workspace.ts";
import { lostError } from "#workspaces/link/link.ts";
import { releaseWorkspace, renewWorkspaces, takeWorkspace } from "#workspaces/ownership.ts";
import { runSnippet, type Snippet, SnippetGate, type SnippetResult } from "#workspaces/run-snippet.ts";
import { registerRunner, removeRunner, removeSilentRunners } from "#workspaces/runner-registry.ts";
import { TUNABLES } from "#workspaces/tunables.ts";
import type { Workspace } from "#workspaces/workspace.ts";
import type { WorkspaceInfo } from "#workspaces/workspace-info.ts";
import { readRow, readSpec, writeState } from "#workspaces/workspace-row.ts";

export interface WorkspacesOptions {
  db: Database;
  /** what new workspaces get comes first; the others serve those that were made with them */
  drivers: WorkspaceDriver[];
  runnerId: string;
  /** how web reaches this runner, e.g. http://127.0.0.1:4100 */
  address: string;
  log: Logger;
  /** how many may run on this host at once */
  maxWorkspaces?: number;
  leaseMs?: number;
  renewMs?: number;
}

/** The workspaces of one runner: which it owns, which are up, and what may be asked of them. */
export class Workspaces {
  readonly #options: Required<WorkspacesOptions>;
  readonly #held = new Map<string, HeldWorkspace>();
  readonly #taking = new Map<string, Promise<HeldWorkspace>>();
  readonly #snippets = new SnippetGate();
  readonly #reports = new Map<string, HostReport>();
  #host: RunnerHost | null = null;
  #beat: NodeJS.Timeout | null = null;
  #beating: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: WorkspacesOptions) {
    this.#options = {
      maxWorkspaces: 50,
      leaseMs: TUNABLES.leaseMs,
      renewMs: TUNABLES.renewMs,
      ...options,
    };
  }

  /** What this host holds and what not; known after begin(). */
  get host(): RunnerHost | null {
    return this.#host;
  }

  /** Tries the host, says that this runner lives, and keeps saying so. @throws AppError unavailable */
  async begin(): Promise<RunnerHost> {
    const { db, renewMs, log } = this.#options;
    this.#host = await this.#probe();
    await this.#register();
    await removeSilentRunners(db.pool);
    this.#beat = setInterval(() => {
      this.#beating = this.#renew().catch((error: unknown) => log.warn({ err: error }, "lease not renewed"));
    }, renewMs);
    return this.#host;
  }

  /** A workspace that is up and ours, started when it has to be. @throws AppError conflict, unavailable */
  async open(userId: string): Promise<Workspace> {
    return this.#up(await this.#hold(userId));
  }

  /** Whether this runner owns it now, without asking the database. */
  owns(userId: string): boolean {
    return this.#held.get(userId)?.stillOurs() ?? false;
  }

  async describe(userId: string): Promise<WorkspaceInfo> {
    const row = await readRow(this.#options.db.pool, userId);
    const driver = this.#driver(row?.driver);
    const { state } = await driver.status(userId);
    const report = this.#reports.get(driver.name);
    const limits = { enforced: report?.enforced ?? [], notEnforced: report?.notEnforced ?? [] };
    const info = { driver: driver.name, error: row?.error ?? null, languages: row?.languages ?? {}, limits };
    if (state !== "running") {
      return { ...info, state: row?.state === "failed" ? "failed" : state, gauges: null };
    }
    const held = await this.#hold(userId);
    await this.#up(held);
    const gauges = { ...(await driver.stats(userId)), diskBytes: await held.diskBytes() };
    return { ...info, error: null, languages: held.languages, state, gauges };
  }

  async stop(userId: string): Promise<void> {
    const held = await this.#hold(userId);
    await held.down();
    await this.#note(held, "stopped");
  }

  /** Ends it and removes all data; the next use begins with an empty one. */
  async destroy(userId: string): Promise<void> {
    const held = await this.#hold(userId);
    await held.down();
    await this.#driver(held.driverName).destroy(userId);
    await this.#note(held, "absent");
  }

  async removeAgent(userId: string, agentId: string): Promise<void> {
    const row = await readRow(this.#options.db.pool, userId);
    if ((await this.#driver(row?.driver).status(userId)).state === "absent") return;
    const held = await this.#hold(userId);
    await this.#up(held);
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

  /** Lets go of everything; what runs in there goes on for the next runner, unless `stop` ends it. */
  async close(options: { stop?: boolean } = {}): Promise<void> {
    const { db, runnerId } = this.#options;
    this.#closed = true;
    if (this.#beat) clearInterval(this.#beat);
    await this.#beating;
    if (options.stop) {
      const running = await Promise.all(this.#usable().map((driver) => driver.running()));
      await Promise.all(running.flat().map((userId) => this.#stopForClose(userId)));
    }
    for (const [userId, held] of this.#held) {
      held.letGo();
      await releaseWorkspace(db.pool, { userId, runnerId });
    }
    this.#held.clear();
    await removeRunner(db.pool, runnerId);
  }

  /** Tries each platform: one that does not work is not used, as long as another does. @throws AppError unavailable */
  async #probe(): Promise<RunnerHost> {
    let reason: unknown = new AppError("unavailable", "There is no driver.");
    for (const driver of this.#options.drivers) {
      try {
        this.#reports.set(driver.name, await driver.probe());
      } catch (error) {
        const why = isAppError(error) ? error.message : String(error);
        this.#options.log.info({ driver: driver.name, why }, "no workspaces by this driver");
        reason = error;
      }
    }
    const [first] = this.#reports.values();
    if (!first) throw reason;
    return { ...first, drivers: [...this.#reports.keys()] };
  }

  #usable(): WorkspaceDriver[] {
    return this.#options.drivers.filter(({ name }) => this.#reports.has(name));
  }

  /** The one of that name; for a workspace that was never made, the one that it would get. */
  #driver(name: string | undefined): WorkspaceDriver {
    const usable = this.#usable();
    const found = name === undefined ? usable[0] : usable.find((driver) => driver.name === name);
    if (found) return found;
    throw new AppError(
      "unavailable",
      `This workspace lives in ${name ?? "no driver"}, which this runner does not have now.`,
    );
  }

  async #stopForClose(userId: string): Promise<void> {
    try {
      const held = await this.#take(userId);
      await held.down();
      await this.#note(held, "stopped");
    } catch (error) {
      // Another runner's workspace, or one that does not end: the others must not wait for it.
      this.#options.log.warn({ err: error, userId }, "workspace not stopped");
    }
  }

  async #up(held: HeldWorkspace): Promise<HeldWorkspace> {
    if (held.isUp) {
      await held.up();
      return held;
    }
    const up = [...this.#held.values()].filter((each) => each.isUp).length;
    if (up >= this.#options.maxWorkspaces) {
      throw new AppError(
        "unavailable",
        `This host runs as many workspaces as it may (${up}). Try again later.`,
      );
    }
    try {
      await held.up();
    } catch (error) {
      if (!isAppError(error) || error.code !== "conflict") {
        await this.#note(held, "failed", { error: isAppError(error) ? error.message : "It did not start." });
      }
      throw error;
    }
    const host = this.#reports.get(held.driverName);
    const seen = { languages: held.languages, ...(host ? { host } : {}) };
    await this.#note(held, "running", seen);
    return held;
  }

  #note(
    held: HeldWorkspace,
    state: Parameters<typeof writeState>[2],
    seen: Parameters<typeof writeState>[3] = {},
  ) {
    return writeState(this.#options.db.pool, held, state, seen);
  }

  async #hold(userId: string): Promise<HeldWorkspace> {
    if (this.#closed) throw new AppError("unavailable", "This runner is stopping.");
    const held = this.#held.get(userId);
    if (held?.stillOurs()) return held;
    const under = this.#taking.get(userId);
    if (under) return under;
    const taking = this.#take(userId).finally(() => this.#taking.delete(userId));
    this.#taking.set(userId, taking);
    return taking;
  }

  async #take(userId: string): Promise<HeldWorkspace> {
    const { db, runnerId, address, leaseMs } = this.#options;
    const until = this.#leaseFromNow();
    const given = { userId, runnerId, address, leaseMs };
    const taken = await inTransaction(db.pool, (client) => takeWorkspace(client, given));
    if (!taken) throw lostError();
    const past = this.#held.get(userId);
    if (past?.fence === taken.fence && past.stillOurs()) {
      past.renew(until);
      return past;
    }
    past?.letGo();
    const { spec, commandMs } = await readSpec(db.pool, userId);
    const driver = this.#driver(taken.driver);
    const held = new HeldWorkspace({ driver, spec, commandMs, fence: taken.fence, until });
    this.#held.set(userId, held);
    return held;
  }

  /** Counted from before the database is asked, so that our idea of the lease never outlives the database's. */
  #leaseFromNow(): number {
    return performance.now() + this.#options.leaseMs - TUNABLES.leaseMarginMs;
  }

  async #renew(): Promise<void> {
    const { db, runnerId, leaseMs } = this.#options;
    const until = this.#leaseFromNow();
    // One that is taken while we ask is not in the answer, and not lost.
    const before = [...this.#held];
    await this.#register();
    const owned = new Map(
      (await renewWorkspaces(db.pool, runnerId, leaseMs)).map((each) => [each.userId, each.fence]),
    );
    for (const [userId, held] of before) {
      if (owned.get(userId) === held.fence) {
        held.renew(until);
        continue;
      }
      held.letGo();
      if (this.#held.get(userId) === held) this.#held.delete(userId);
    }
  }

  #register(): Promise<void> {
    const { db, runnerId, address, leaseMs } = this.#options;
    if (!this.#host) return Promise.resolve();
    return registerRunner(db.pool, { id: runnerId, address, host: this.#host, leaseMs });
  }
}
