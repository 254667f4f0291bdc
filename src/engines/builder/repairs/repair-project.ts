import { askTool, type Form } from "#engines/builder/ask-tool.ts";
import type { CheckResult } from "#engines/builder/check-project.ts";
import type { Project } from "#engines/builder/project.ts";
import { REPAIRER, repairerPrompt } from "#engines/builder/prompts.ts";
import { putFile } from "#engines/builder/put-file.ts";
import { askAnother } from "#engines/builder/repairs/ask-another.ts";
import { Edits } from "#engines/builder/repairs/edits.ts";
import { relevantFiles } from "#engines/builder/repairs/relevant-files.ts";
import { type NewText, resolveEdits } from "#engines/builder/repairs/resolve-edits.ts";
import { tellAttempts } from "#engines/builder/repairs/tell-attempts.ts";
import { isTestFile } from "#engines/builder/repairs/test-files.ts";
import { ANSWER_TOKENS } from "#engines/builder/tunables.ts";
import type { StepContext } from "#engines/engine.ts";
import { refusedCall } from "#engines/refused-call.ts";

/** What a repair step leaves behind. */
export interface Attempt {
  explanation: string;
  /** whole, as they were written */
  edits: NewText[];
  /** tests that were there before and were changed; not there in attempts that were made before this was noted */
  testsChanged?: string[];
  /** nothing was changed: a cap refused the call, in these words */
  refused?: string;
}

export interface RepairQuestion {
  /** one more than there were attempts: what failed before each of them, and what fails now */
  checks: readonly CheckResult[];
  attempts: readonly Attempt[];
  /** what was tried so far brings nothing */
  anotherWay: boolean;
}

/** Gives the failures to the model and applies its edits. Gives the new texts, to be kept with the step. */
export async function repairProject(
  project: Project,
  step: StepContext,
  asked: RepairQuestion,
): Promise<Attempt> {
  const shown = await relevantFiles(project, asked.checks.at(-1)?.failures ?? []);
  const answer = await ask(project, step, asked, shown).catch(async (error: unknown) => {
    const refused = refusedCall(error);
    if (refused?.code !== "over_cap") throw error;
    await step.say({ type: "notice", level: "warning", text: refused.words });
    return { refused: refused.words };
  });
  if ("refused" in answer) return { explanation: "", edits: [], refused: answer.refused };
  await step.say({ type: "notice", level: "info", text: answer.explanation });
  const { texts } = resolveEdits(answer.edits, shown, project.paths);
  const testsChanged: string[] = [];
  for (const { path, content } of texts) {
    const before = await project.read(path);
    if (before !== null && before !== content && isTestFile(path)) testsChanged.push(path);
    await putFile(project, step, path, content, before === null ? null : Buffer.from(before));
  }
  return { explanation: answer.explanation, edits: texts, testsChanged };
}

async function ask(
  project: Project,
  step: StepContext,
  asked: RepairQuestion,
  shown: ReadonlyMap<string, string>,
): Promise<Edits> {
  const { context, plan, requests, background } = project;
  const files = [...shown].map(([path, content]) => ({ path, content }));
  const { checks, attempts, anotherWay } = asked;
  const { failures } = checks.at(-1) ?? { failures: [] };
  const tried = tellAttempts(checks, attempts);
  const content = repairerPrompt({ requests, plan, failures, files, tried, anotherWay, background });
  const question = {
    model: context.model,
    max_tokens: ANSWER_TOKENS,
    system: REPAIRER,
    messages: [{ role: "user" as const, content }],
  };
  const form: Form<Edits> = {
    name: "propose_edits",
    description: "Proposes what has to change in the files.",
    schema: Edits,
    problems: ({ edits }) => resolveEdits(edits, shown, project.paths).problems,
  };
  return anotherWay ? askAnother(step, question, form) : askTool(step, question, form);
}
