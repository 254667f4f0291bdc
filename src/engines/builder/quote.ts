import { type Basis, estimateRepair, estimateWrite, sum } from "#engines/builder/estimate.ts";
import { REPAIRS } from "#engines/builder/tunables.ts";
import type { Quote } from "#events/vocabulary.ts";
import type { RunRoom } from "#ledger/read-room.ts";

/**
 * What the run will have cost at its end: at the low end all goes well at once, at the high end every repair is needed.
 * `spent`: what it had cost when its plan was drawn.
 */
export function quoteFor(basis: Basis, spent: number, room: RunRoom): Quote {
  const { files } = basis.plan;
  const writes = sum(files.map((file) => estimateWrite(basis, file)));
  return {
    files: files.length,
    calls: files.length,
    repairs: REPAIRS,
    lowMicroUsd: spent + writes.low,
    highMicroUsd: spent + writes.high + REPAIRS * estimateRepair(basis).high,
    ceilingMicroUsd: ceilingIn(room),
  };
}

/** What the run may cost in all as its caps stand now; null: nothing caps it. */
export function ceilingIn({ spentMicroUsd, tightest }: RunRoom): number | null {
  return tightest && spentMicroUsd + tightest.leftMicroUsd;
}
