import type { FindingView, RunView } from "#runs/ui/run-view.ts";

const ORDER: Record<FindingView["severity"], number> = { error: 0, warning: 1, info: 2 };

/** How a check's step is called, after its round. */
const CHECK = /^(r\d+)\/check:/;

/**
 * What is found in the result as it is now, the worst first. Each repair is followed by a check that finds anew what is
 * left; what the checks before it found is history.
 */
export function lastFindings({ steps, findings }: Pick<RunView, "steps" | "findings">): FindingView[] {
  const last = steps.findLast(({ key }) => CHECK.test(key));
  if (!last) return findings;
  const [, round = ""] = CHECK.exec(last.key) ?? [];
  const current = steps.filter(
    (step) => step === last || (step.key.startsWith(`${round}/`) && !CHECK.test(step.key)),
  );
  return current
    .flatMap(({ entries }) => entries)
    .filter((entry) => entry.kind === "finding")
    .sort((one, other) => ORDER[one.severity] - ORDER[other.severity]);
}
