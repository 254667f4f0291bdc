import pLimit from "p-limit";
import { BudgetNeeded } from "#engines/budget-needed.ts";
import { type Basis, estimateRepair, estimateWrite, type Range, sum } from "#engines/builder/estimate.ts";
import type { PlanFile } from "#engines/builder/plan.ts";
import type { Planned, Project } from "#engines/builder/project.ts";
import { ceilingIn, quoteFor } from "#engines/builder/quote.ts";
import { REPAIRS } from "#engines/builder/tunables.ts";
import type { RunContext } from "#engines/engine.ts";
import { isOverCap } from "#engines/refused-call.ts";
import type { RunRoom } from "#ledger/read-room.ts";

/** Says what the round is expected to cost, and watches over it. */
export async function openPurse(project: Project, planned: Planned): Promise<Purse> {
  const { context, plan, requests, background } = project;
  const { prices = [], spentMicroUsd = 0 } = planned;
  if (prices.length === 0) return new Purse(context, null);
  // What every call repeats, as long as it is there: of a long conversation less than was said.
  const texts = [...requests, context.instructions ?? "", background.guidance?.text ?? ""];
  const present = plan.files.map(
    async ({ path }) => [path, (await project.before(path))?.length ?? 0] as const,
  );
  const basis: Basis = {
    plan,
    prices,
    requestBytes: texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), 0),
    presentBytes: new Map(await Promise.all(present)),
  };
  await context.money.quote(quoteFor(basis, spentMicroUsd, await context.money.room()));
  return new Purse(context, basis);
}

/**
 * Lets paid work begin while the run's caps leave room for it: for what it may well cost, and for the least that all the
 * rest takes. The caps themselves are kept by the gateway, whatever is expected here.
 */
export class Purse {
  readonly #context: RunContext;
  readonly #basis: Basis | null;
  /** files that are not begun */
  readonly #waiting: Map<string, Range>;
  readonly #underWay = new Set<Range>();
  readonly #oneByOne = pLimit(1);
  #ended = Promise.withResolvers<void>();

  constructor(context: RunContext, basis: Basis | null) {
    this.#context = context;
    this.#basis = basis;
    const files = basis?.plan.files.filter(({ path }) => !context.finished(`write:${path}`)) ?? [];
    this.#waiting = new Map(files.map((file) => [file.path, estimateWrite(basis as Basis, file)]));
  }

  /** @throws BudgetNeeded */
  async write<T>({ path }: PlanFile, work: () => Promise<T>): Promise<T> {
    const cost = this.#waiting.get(path);
    if (!cost) return work();
    const rest = () => this.#restOfRound();
    try {
      return await this.#spend(cost, rest, () => this.#waiting.delete(path), work);
    } catch (error) {
      this.#waiting.set(path, cost);
      throw error;
    }
  }

  /** @throws BudgetNeeded */
  async repair<T>(time: number, project: Project, work: () => Promise<T>): Promise<T> {
    if (!this.#basis || this.#context.finished(`repair:${time}`)) return work();
    const one = estimateRepair(this.#basis, await project.sizes());
    const rest = () => ({ low: one.low, high: one.high * (REPAIRS - time + 1) });
    return this.#spend(one, rest, () => {}, work);
  }

  async #spend<T>(cost: Range, rest: () => Range, begun: () => void, work: () => Promise<T>): Promise<T> {
    await this.#oneByOne(async () => {
      await this.#admit(cost, rest);
      this.#underWay.add(cost);
      begun();
    });
    try {
      return await work();
    } catch (error) {
      throw isOverCap(error) ? new BudgetNeeded(rest, { cause: error }) : error;
    } finally {
      this.#underWay.delete(cost);
      this.#ended.resolve();
      this.#ended = Promise.withResolvers<void>();
    }
  }

  /** What is under way may turn out to cost less than it may: then there is room, and only then a person is asked. */
  async #admit(cost: Range, rest: () => Range): Promise<void> {
    for (;;) {
      const { promise: oneEnds } = this.#ended;
      const room = await this.#context.money.room();
      const taken = sum([...this.#underWay]).high;
      if (
        taken + this.#needed(cost, rest(), room) <=
        (room.tightest?.leftMicroUsd ?? Number.POSITIVE_INFINITY)
      )
        return;
      if (this.#underWay.size === 0) throw new BudgetNeeded(rest, { asked: this.#wasAsked(room) });
      await oneEnds;
    }
  }

  /** Whoever was asked and let the run go on under the same ceiling is not asked again before the next step cannot begin. */
  #needed(cost: Range, rest: Range, room: RunRoom): number {
    return this.#wasAsked(room) ? cost.low : Math.max(cost.high, rest.low);
  }

  #wasAsked(room: RunRoom): boolean {
    const { budget } = this.#context.decisions;
    const knownCeiling = budget?.decision === "approve" ? (budget.budget?.ceilingMicroUsd ?? null) : null;
    const ceiling = ceilingIn(room);
    return knownCeiling !== null && ceiling !== null && ceiling <= knownCeiling;
  }

  #restOfRound(): Range {
    const writes = sum([...this.#waiting.values()]);
    const repairs = this.#basis ? estimateRepair(this.#basis).high * REPAIRS : 0;
    return { low: writes.low, high: writes.high + repairs };
  }
}
