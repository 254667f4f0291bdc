import { askTool } from "#engines/builder/ask-tool.ts";
import { problemOfPath } from "#engines/builder/check-path.ts";
import type { CheckResult } from "#engines/builder/check-project.ts";
import { Edits } from "#engines/builder/plan.ts";
import type { Project } from "#engines/builder/project.ts";
import { REPAIRER, repairerPrompt } from "#engines/builder/prompts.ts";
import { putFile } from "#engines/builder/put-file.ts";
import { ANSWER_TOKENS, FILES_SHOWN } from "#engines/builder/tunables.ts";
import type { StepContext } from "#engines/engine.ts";

/** Gives the failures to the model and applies its edits. Gives the edits, to be kept with the step. */
export async function repairProject(
  project: Project,
  step: StepContext,
  check: CheckResult,
  attempt: number,
): Promise<Edits> {
  const edits = await askTool(
    step,
    {
      model: project.context.model,
      max_tokens: ANSWER_TOKENS,
      system: REPAIRER,
      messages: [
        {
          role: "user",
          content: repairerPrompt({
            requests: project.requests,
            plan: project.plan,
            failures: check.failures,
            files: await relevantFiles(project, check),
            attempt,
          }),
        },
      ],
    },
    {
      name: "propose_edits",
      description: "Proposes the new texts of the files that have to change.",
      schema: Edits,
      problems: ({ edits: proposed }) =>
        proposed.flatMap(({ path }) => {
          const problem = problemOfPath(path);
          return problem ? [`${JSON.stringify(path)} ${problem}.`] : [];
        }),
    },
  );
  await step.say({ type: "notice", level: "info", text: edits.explanation });
  for (const { path, content } of edits.edits) {
    const before = await project.read(path);
    await putFile(project, step, path, content, before === null ? null : Buffer.from(before));
  }
  return edits;
}

/** Those that the failure names come first. */
async function relevantFiles(
  project: Project,
  check: CheckResult,
): Promise<{ path: string; content: string }[]> {
  const output = check.failures.map((failure) => failure.output).join("\n");
  const named = (path: string) => output.includes(path.split("/").at(-1) ?? path);
  const paths = [...new Set([...project.plan.files.map(({ path }) => path), ...project.writtenPaths])];
  const files: { path: string; content: string }[] = [];
  let room = FILES_SHOWN;
  for (const path of [...paths.filter(named), ...paths.filter((path) => !named(path))]) {
    const content = await project.read(path);
    if (content === null || content.length > room) continue;
    room -= content.length;
    files.push({ path, content });
  }
  return files;
}
