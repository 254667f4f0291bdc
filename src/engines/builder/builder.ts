import { askForBudget } from "#engines/builder/ask-for-budget.ts";
import { type CheckResult, checkProject } from "#engines/builder/check-project.ts";
import { drawPlan } from "#engines/builder/draw-plan.ts";
import { planEntries, TESTS } from "#engines/builder/plan-entries.ts";
import { Project } from "#engines/builder/project.ts";
import { openPurse, type Purse } from "#engines/builder/purse.ts";
import { repairProject } from "#engines/builder/repair-project.ts";
import { REPAIRS } from "#engines/builder/tunables.ts";
import { guessHuman, type Human, wordsIn } from "#engines/builder/wording.ts";
import { writeFiles } from "#engines/builder/write-files.ts";
import { PLAN_STEP } from "#engines/edit-plan.ts";
import type { Engine, EngineOutcome, RunContext } from "#engines/engine.ts";

/** Plans, writes file by file, proves in the workspace, repairs, and asks a person to look at the result. */
export const builder: Engine = {
  name: "builder",
  async execute(context) {
    const human = isHuman(context.locale) ? context.locale : guessHuman(context.requests.join("\n"));
    return build(context, human).catch((error: unknown) => askForBudget(context, human, error));
  },
};

async function build(context: RunContext, human: Human): Promise<EngineOutcome> {
  const planned = await context.step(PLAN_STEP, wordsIn(human).plan, (step) => drawPlan(context, step));
  const { plan, treeHash } = planned;
  const project = new Project(context, plan, await context.openTree(treeHash));
  const purse = await openPurse(project, planned);
  if (context.policy.approvePlan && context.decisions.plan?.decision !== "approve")
    return { kind: "review", review: "plan", summary: plan.summary, plan };
  await writeFiles(project, purse);
  const { check, repairs } = await proveAndRepair(project, purse);
  return sumUp(context, project, check, repairs);
}

async function proveAndRepair(
  project: Project,
  purse: Purse,
): Promise<{ check: CheckResult; repairs: number }> {
  const { context, words } = project;
  for (let time = 1; ; time += 1) {
    const check = await context.step(`check:${time}`, words.check(time), (step) =>
      checkProject(project, step),
    );
    if (check.failures.length === 0 || time > REPAIRS) return { check, repairs: time - 1 };
    const { edits } = await purse.repair(time, project, () =>
      context.step(`repair:${time}`, words.repair(time), (step) => repairProject(project, step, check, time)),
    );
    for (const { path, content } of edits) project.setWritten(path, content);
  }
}

async function sumUp(
  context: RunContext,
  project: Project,
  check: CheckResult,
  repairs: number,
): Promise<EngineOutcome> {
  const { plan, words } = project;
  const figures = {
    files: project.writtenPaths.length,
    testsPassed: check.passed,
    testsFailed: check.failed,
    findings: check.unreadable + (check.errors ?? 0) + (check.warnings ?? 0),
  };
  const { unreadable, errors = 0 } = check;
  const summary = words.report(plan.title, { ...figures, unreadable, errors, repairs });
  await context.step("sum", words.sum, async (step) => {
    const done = new Set([
      ...plan.files.map(({ path }) => path),
      ...(check.failures.length === 0 ? [TESTS] : []),
    ]);
    await step.say({ type: "plan", entries: planEntries(plan, { done, active: new Set() }) });
    await step.say({ type: "agent_message_chunk", content: { type: "text", text: summary } });
    return { summary };
  });
  return { kind: "review", review: "result", summary, figures };
}

function isHuman(locale: string | null): locale is Human {
  return locale === "en" || locale === "ko" || locale === "ja";
}
