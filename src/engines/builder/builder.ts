import { askForBudget } from "#engines/builder/ask-for-budget.ts";
import { drawPlan } from "#engines/builder/draw-plan.ts";
import { arrangeFiles } from "#engines/builder/existing/arrange-files.ts";
import { arranges } from "#engines/builder/existing/arrangement.ts";
import { readBackground } from "#engines/builder/existing/background.ts";
import { existingWords } from "#engines/builder/existing/existing-words.ts";
import { ARRANGED, planEntries, TESTS } from "#engines/builder/plan-entries.ts";
import { Project } from "#engines/builder/project.ts";
import { openPurse } from "#engines/builder/purse.ts";
import { type Proof, proveAndRepair } from "#engines/builder/repairs/prove-and-repair.ts";
import { tellRepairs } from "#engines/builder/repairs/tell-repairs.ts";
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
  const kept = await context.openTree(treeHash);
  const project = new Project(context, plan, kept, await readBackground(kept));
  const purse = await openPurse(project, planned);
  if (context.policy.approvePlan && context.decisions.plan?.decision !== "approve")
    return { kind: "review", review: "plan", summary: plan.summary, plan };
  await arrangeFiles(project);
  await writeFiles(project, purse);
  return sumUp(context, project, await proveAndRepair(project, purse));
}

async function sumUp(context: RunContext, project: Project, proof: Proof): Promise<EngineOutcome> {
  const { plan, words } = project;
  const { check, attempts } = proof;
  const figures = {
    files: project.writtenPaths.length,
    testsPassed: check.passed,
    testsFailed: check.failed,
    findings: check.unreadable + (check.errors ?? 0) + (check.warnings ?? 0) + (check.notRunning ?? 0),
  };
  const { unreadable, errors = 0, notRunning = 0, notInstalled = null } = check;
  const told = { ...figures, unreadable, errors, notRunning, notInstalled, repairs: attempts.length };
  const report = words.report(plan.title, told);
  const { move = [], delete: deleted = [] } = plan;
  const arranged = arranges(plan) ? [existingWords(plan.language).arranged(move.length, deleted.length)] : [];
  const summary = [report, ...arranged, ...tellRepairs(plan.language, proof)].join(" ");
  await context.step("sum", words.sum, async (step) => {
    const done = new Set([
      ARRANGED,
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
