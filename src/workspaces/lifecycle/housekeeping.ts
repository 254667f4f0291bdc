import type { Sql } from "#platform/db.ts";
import type { Logger } from "#platform/log.ts";
import type { MemoryKill } from "#workspaces/connection.ts";
import type { HeldWorkspace } from "#workspaces/held-workspace.ts";
import type { Holdings } from "#workspaces/holdings.ts";
import type { Admission } from "#workspaces/lifecycle/admission.ts";
import { letRest, noteNeeds, noteUse, type RestTimes } from "#workspaces/lifecycle/look-after.ts";
import { Gauge } from "#workspaces/lifecycle/measure.ts";
import { reconcile, removeErased } from "#workspaces/lifecycle/reconcile.ts";
import { tellRuns } from "#workspaces/lifecycle/tell-runs.ts";
import type { Platforms } from "#workspaces/platforms.ts";
import { TUNABLES } from "#workspaces/tunables.ts";
import { writeFigures } from "#workspaces/workspace-row.ts";

export interface HousekeepingOptions {
  sql: Sql;
  runnerId: string;
  holdings: Holdings;
  platforms: Platforms;
  admission: Admission;
  rest: RestTimes;
  keepMs: number;
  reconcileMs: number;
  leaseMs: number;
  log: Logger;
}

/** What a runner does for its workspaces unasked: measures, lets rest, adopts, tidies up. */
export class Housekeeping {
  readonly #options: HousekeepingOptions;
  readonly #gauges = new WeakMap<HeldWorkspace, Gauge>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #measuring = new Set<Promise<void>>();
  #keeping: Promise<void> | null = null;
  #reconciling: Promise<void> | null = null;
  #reconciledAt: Date | null = null;
  #usedNotedAt = performance.now();

  constructor(options: HousekeepingOptions) {
    this.#options = options;
  }

  begin(): void {
    const { keepMs, reconcileMs, leaseMs, log } = this.#options;
    const keep = () => {
      this.#keeping ??= this.#keep()
        .catch((error: unknown) => log.warn({ err: error }, "could not look after the workspaces"))
        .finally(() => {
          this.#keeping = null;
        });
    };
    const look = () => void this.reconcile();
    // What a runner left that was killed a moment ago is free when its leases have lapsed.
    this.#timers.push(
      setInterval(keep, keepMs),
      setInterval(look, reconcileMs),
      setTimeout(look, leaseMs + 500),
    );
    look();
  }

  async end(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all([this.#keeping, this.#reconciling, ...this.#measuring]);
  }

  noteKill(held: HeldWorkspace, kill: MemoryKill): void {
    this.#gauge(held).noteKill(kill);
  }

  /** Measures one that is up and writes down what was found. */
  async measure(held: HeldWorkspace): Promise<void> {
    const { sql } = this.#options;
    const { figures, warnings, news } = await this.#gauge(held).look();
    await writeFigures(sql, held, figures, warnings);
    await tellRuns(sql, held.userId, news);
  }

  /** Without being waited for. */
  measureSoon(held: HeldWorkspace): void {
    const { log } = this.#options;
    const measuring: Promise<void> = this.measure(held)
      .catch((error: unknown) => log.debug({ err: error }, "a workspace was not measured"))
      .finally(() => this.#measuring.delete(measuring));
    this.#measuring.add(measuring);
  }

  /** Never rejects: what could not be settled now is seen again at the next time. */
  reconcile(): Promise<void> {
    const { log } = this.#options;
    this.#reconciling ??= this.#reconcile()
      .catch((error: unknown) => log.warn({ err: error }, "could not compare with what runs on this host"))
      .finally(() => {
        this.#reconciling = null;
      });
    return this.#reconciling;
  }

  async #keep(): Promise<void> {
    const { sql, holdings, rest, log } = this.#options;
    const needed = await noteNeeds(sql, holdings.all());
    if (performance.now() - this.#usedNotedAt > TUNABLES.watchMs) {
      this.#usedNotedAt = performance.now();
      await noteUse(sql, holdings.all());
    }
    await letRest(holdings.all(), rest, log);
    const up = needed.filter(({ phase }) => phase === "up");
    for (const measured of await Promise.allSettled(up.map((held) => this.measure(held)))) {
      if (measured.status === "rejected") log.warn({ err: measured.reason }, "a workspace was not measured");
    }
  }

  async #reconcile(): Promise<void> {
    const { sql, runnerId, holdings, platforms, admission, log } = this.#options;
    const begun = new Date();
    const adopt = (userId: string, state: "up" | "paused", idleMs: number) =>
      this.#adopt(userId, state, idleMs);
    const vacate = (userId: string) => admission.vacate(userId);
    for (const driver of platforms.usable()) {
      await reconcile({ sql, runnerId, holdings, adopt, vacate, log }, driver);
    }
    await removeErased(sql, platforms.usable(), this.#reconciledAt, log);
    this.#reconciledAt = begun;
  }

  async #adopt(userId: string, state: "up" | "paused", idleMs: number): Promise<void> {
    const { holdings, admission } = this.#options;
    const held = await holdings.hold(userId);
    admission.adopt(userId);
    await held.adopt(state, idleMs);
  }

  #gauge(held: HeldWorkspace): Gauge {
    const known = this.#gauges.get(held);
    if (known) return known;
    const gauge = new Gauge(held, this.#options.platforms.named(held.driverName));
    this.#gauges.set(held, gauge);
    return gauge;
  }
}
