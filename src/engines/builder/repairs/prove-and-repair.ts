import { BudgetNeeded } from "#engines/budget-needed.ts";
import { type CheckResult, checkProject } from "#engines/builder/check-project.ts";
import { formatFiles } from "#engines/builder/existing/format-files.ts";
import { installPackages } from "#engines/builder/install/install-packages.ts";
import type { Project } from "#engines/builder/project.ts";
import type { Purse } from "#engines/builder/purse.ts";
import { fruitlessAttempts } from "#engines/builder/repairs/headway.ts";
import { type Attempt, repairProject } from "#engines/builder/repairs/repair-project.ts";
import { FRUITLESS_REPAIRS, REPAIRS } from "#engines/builder/tunables.ts";

export interface Proof {
  check: CheckResult;
  attempts: Attempt[];
  /** why no more was tried, where it was not that everything passed; refused: the words of who refused, if anybody did */
  stopped: { why: "repairs" | "no headway" } | { why: "over cap"; refused: string | null } | null;
}

/**
 * Checks, and gives what failed to the repairer with what was tried before. When attempts bring nothing, one more is
 * made another way; then it ends, and says how things stand. So it does where the money is at its end and a person who was
 * asked let it go on all the same: what was paid for is looked at, and not asked about for ever.
 * @throws BudgetNeeded where nobody was asked yet
 */
export async function proveAndRepair(project: Project, purse: Purse): Promise<Proof> {
  const { context, words } = project;
  const attempts: Attempt[] = [];
  const checks: CheckResult[] = [];
  for (let time = 1; ; time += 1) {
    const before = checks.at(-1) ?? null;
    const installed = await installPackages(project, time, before?.installed ?? null);
    await formatFiles(project, time);
    const check = await context.step(`check:${time}`, words.check(time), (step) =>
      checkProject(project, step, { before, installed }),
    );
    checks.push(check);
    const fruitless = fruitlessAttempts(checks);
    if (check.failures.length === 0) return { check, attempts, stopped: null };
    if (fruitless > FRUITLESS_REPAIRS) return { check, attempts, stopped: { why: "no headway" } };
    if (time > REPAIRS) return { check, attempts, stopped: { why: "repairs" } };
    const question = { checks, attempts, anotherWay: fruitless === FRUITLESS_REPAIRS };
    const repair = await purse
      .repair(time, project, () =>
        context.step(`repair:${time}`, words.repair(time), (step) => repairProject(project, step, question)),
      )
      .catch((error: unknown) => {
        if (error instanceof BudgetNeeded && error.asked) return null;
        throw error;
      });
    if (repair === null) return { check, attempts, stopped: { why: "over cap", refused: null } };
    if (repair.refused !== undefined)
      return { check, attempts, stopped: { why: "over cap", refused: repair.refused } };
    for (const { path, content } of repair.edits) project.setWritten(path, content);
    attempts.push(repair);
  }
}
