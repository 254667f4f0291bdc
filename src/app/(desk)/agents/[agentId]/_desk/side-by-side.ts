import type { StepView } from "#runs/ui/run-view.ts";

/** Steps in order, those that ran at the same time together: a step belongs to a group that had not ended when it began. */
export function standSideBySide(steps: readonly StepView[]): StepView[][] {
  const groups: StepView[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const step of steps) {
    const start = Date.parse(step.startedAt);
    const ended = step.endedAt === null ? Number.POSITIVE_INFINITY : Date.parse(step.endedAt);
    const group = groups.at(-1);
    if (group && start < end) {
      group.push(step);
      end = Math.max(end, ended);
    } else {
      groups.push([step]);
      end = ended;
    }
  }
  return groups;
}
