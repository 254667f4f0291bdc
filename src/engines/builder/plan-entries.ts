import { existingWords } from "#engines/builder/existing/existing-words.ts";
import type { Plan } from "#engines/builder/plan.ts";
import { wordsIn } from "#engines/builder/wording.ts";
import type { PlanEntry } from "#events/vocabulary.ts";

/** Stands for the tests among the paths of the plan's entries. */
export const TESTS = "\u0000tests";

/** Stands for the plan's moves and deletions. */
export const ARRANGED = "\u0000arranged";

/** The files (and TESTS, and ARRANGED) that are done, and those that are being worked on. */
export interface Progress {
  done: Set<string>;
  active: Set<string>;
}

/** The plan as a checklist: one entry for each move, deletion and file, and the tests at its end. */
export function planEntries(plan: Plan, progress: Progress): PlanEntry[] {
  const statusOf = (path: string): PlanEntry["status"] =>
    progress.done.has(path) ? "completed" : progress.active.has(path) ? "in_progress" : "pending";
  const words = existingWords(plan.language);
  const arranged = { priority: "medium", status: statusOf(ARRANGED) } as const;
  return [
    ...(plan.move ?? []).map(({ from, to }) => ({ content: words.move(from, to), path: to, ...arranged })),
    ...(plan.delete ?? []).map((path) => ({ content: words.delete(path), path, ...arranged })),
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
