import { type CheckResult, checkProject } from "#engines/builder/check-project.ts";
import { drawPlan } from "#engines/builder/draw-plan.ts";
import { planEntries, TESTS } from "#engines/builder/plan-entries.ts";
import { Project } from "#engines/builder/project.ts";
import { repairProject } from "#engines/builder/repair-project.ts";
import { REPAIRS } from "#engines/builder/tunables.ts";
import { guessHuman, type Human, wordsIn } from "#engines/builder/wording.ts";
import { writeFiles } from "#engines/builder/write-files.ts";
import type { Engine, EngineOutcome, RunContext } from "#engines/engine.ts";

/** Plans, writes file by file, proves in the workspace, repairs, and asks a person to look at the result. */
export const builder: Engine = {
  name: "builder",
  async execute(context) {
    const human = isHuman(context.locale) ? context.locale : guessHuman(context.requests.join("\n"));
    const { plan, treeHash } = await context.step("plan", wordsIn(human).plan, (step) =>
      drawPlan(context, step),
    );
    if (context.policy.approvePlan && context.decisions.plan?.decision !== "approve")
      return { kind: "review", review: "plan", summary: plan.summary };
    const project = new Project(context, plan, await context.openTree(treeHash));
    await writeFiles(project);
    const { check, repairs } = await proveAndRepair(project);
    return sumUp(context, project, check, repairs);
  },
};

async function proveAndRepair(project: Project): Promise<{ check: CheckResult; repairs: number }> {
  const { context, words } = project;
  let before: CheckResult | null = null;
  for (let time = 1; ; time += 1) {
    const check: CheckResult = await context.step(`check:${time}`, words.check(time), (step) =>
      checkProject(project, step, before),
    );
    before = check;
    if (check.failures.length === 0 || time > REPAIRS) return { check, repairs: time - 1 };
    const { edits } = await context.step(`repair:${time}`, words.repair(time), (step) =>
      repairProject(project, step, check, time),
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
    findings: check.unreadable + (check.errors ?? 0) + (check.warnings ?? 0) + (check.notRunning ?? 0),
  };
  const { unreadable, errors = 0, notRunning = 0, notInstalled = null } = check;
  const told = { ...figures, unreadable, errors, notRunning, notInstalled, repairs };
  const summary = words.report(plan.title, told);
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
