import type { DeliveryContext } from "#github/handle-delivery.ts";
import { offerRepair } from "#github/offer-repair.ts";
import { keepSignal, type Signal } from "#github/signals.ts";

/** A check's states, in the order in which it goes through them. */
const ORDER = ["requested", "queued", "pending", "waiting", "in_progress", "completed"];

export interface Check extends Omit<Signal, "state" | "rank" | "pullRequestNumber"> {
  status: string;
  conclusion: string | null;
}

/** Keeps what a check says; a failed one is a reason for another run, the same for all checks of one commit. */
export async function keepCheck({ db }: DeliveryContext, check: Check): Promise<void> {
  const { status, conclusion, ...signal } = check;
  await keepSignal(db.pool, {
    ...signal,
    pullRequestNumber: null,
    state: conclusion ?? status,
    rank: ORDER.indexOf(status),
  });
  if (!isFailure(conclusion)) return;
  await offerRepair(db.pool, {
    repositoryId: check.repositoryId,
    source: `check:${check.headSha}`,
    kind: "check",
    pullRequestNumber: null,
    branch: check.branch,
    headSha: check.headSha,
    author: null,
    // Which of the commit's checks failed is read when it is wanted: they do not all end at once.
    text: "",
    url: null,
    trusted: true,
    // The commit's, whichever of its checks is heard of first.
    saidAt: new Date(0),
  });
}

export function isFailure(conclusion: string | null): boolean {
  return conclusion === "failure" || conclusion === "timed_out";
}
