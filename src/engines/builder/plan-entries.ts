import type { Plan } from "#engines/builder/plan.ts";
import { wordsIn } from "#engines/builder/wording.ts";
import type { PlanEntry } from "#events/vocabulary.ts";

/** Stands for the tests among the paths of the plan's entries. */
export const TESTS = "\u0000tests";

/** The files (and TESTS) that are done, and those that are being worked on. */
export interface Progress {
  done: Set<string>;
  active: Set<string>;
}

/** The plan as a checklist: one entry a file, and the tests at its end. */
export function planEntries(plan: Plan, progress: Progress): PlanEntry[] {
  const statusOf = (path: string): PlanEntry["status"] =>
    progress.done.has(path) ? "completed" : progress.active.has(path) ? "in_progress" : "pending";
  return [
    ...plan.files.map(({ path, purpose, complexity, dependsOn }) => ({
      content: purpose,
      priority: complexity,
      status: statusOf(path),
      path,
      dependsOn,
    })),
    { content: wordsIn(plan.language).testEntry, priority: "high", status: statusOf(TESTS) },
  ];
}
