import { type Database, inTransaction } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";
import type { Egress } from "#workspaces/egress.ts";
import type { Environments } from "#workspaces/environments.ts";
import { HeldWorkspace, type Keeper } from "#workspaces/held-workspace.ts";
import { lostError } from "#workspaces/link/link.ts";
import { releaseWorkspace, renewWorkspaces, takeWorkspace } from "#workspaces/ownership.ts";
import type { Platforms } from "#workspaces/platforms.ts";
import { TUNABLES } from "#workspaces/tunables.ts";
import { readSpec } from "#workspaces/workspace-row.ts";

export interface HoldingsOptions {
  db: Database;
  platforms: Platforms;
  runnerId: string;
  address: string;
  leaseMs: number;
  keeper: Keeper;
  environments?: Environments | undefined;
  egress?: Egress | undefined;
}

/** The workspaces that this runner owns, by lease and fence. */
export class Holdings {
  readonly #options: HoldingsOptions;
  readonly #held = new Map<string, HeldWorkspace>();
  readonly #taking = new Map<string, Promise<HeldWorkspace>>();
  #closed = false;

  constructor(options: HoldingsOptions) {
    this.#options = options;
  }

  /** Without asking the database. */
  find(userId: string): HeldWorkspace | null {
    const held = this.#held.get(userId);
    return held?.stillOurs() ? held : null;
  }

  all(): HeldWorkspace[] {
    return [...this.#held.values()].filter((held) => held.stillOurs());
  }

  /** Ours, taken when it has to be. @throws AppError conflict when another living runner owns it */
  async hold(userId: string): Promise<HeldWorkspace> {
    if (this.#closed) throw new AppError("unavailable", "This runner is stopping.");
    const held = this.find(userId);
    if (held) return held;
    const under = this.#taking.get(userId);
    if (under) return under;
    const taking = this.take(userId).finally(() => this.#taking.delete(userId));
    this.#taking.set(userId, taking);
    return taking;
  }

  async take(userId: string): Promise<HeldWorkspace> {
    const { db, runnerId, address, leaseMs, platforms, keeper, environments, egress } = this.#options;
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
    const driver = platforms.named(taken.driver);
    const { fence } = taken;
    const held = new HeldWorkspace({
      driver,
      spec,
      commandMs,
      fence,
      until,
      keeper,
      environments,
      door: egress?.door(userId),
    });
    this.#held.set(userId, held);
    return held;
  }

  async renew(): Promise<void> {
    const { db, runnerId, leaseMs } = this.#options;
    const until = this.#leaseFromNow();
    // One that is taken while we ask is not in the answer, and not lost.
    const before = [...this.#held];
    const owned = new Map(
      (await renewWorkspaces(db.pool, runnerId, leaseMs)).map((each) => [each.userId, each.fence]),
    );
    for (const [userId, held] of before) {
      if (owned.get(userId) === held.fence) held.renew(until);
      else this.#lose(held);
    }
  }

  /** Gives up what does not run here any more: any runner may start it next. */
  async release(held: HeldWorkspace): Promise<void> {
    this.#lose(held);
    await releaseWorkspace(this.#options.db.pool, { userId: held.userId, runnerId: this.#options.runnerId });
  }

  /** Nobody takes anything from now on. */
  close(): void {
    this.#closed = true;
  }

  /** Lets go of everything; what runs in there goes on. */
  async releaseAll(): Promise<void> {
    for (const held of [...this.#held.values()]) await this.release(held);
  }

  #lose(held: HeldWorkspace): void {
    held.letGo();
    if (this.#held.get(held.userId) === held) this.#held.delete(held.userId);
  }

  /** Counted from before the database is asked, so that our idea of the lease never outlives the database's. */
  #leaseFromNow(): number {
    return performance.now() + this.#options.leaseMs - TUNABLES.leaseMarginMs;
  }
}
