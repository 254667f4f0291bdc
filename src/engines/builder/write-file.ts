import type Anthropic from "@anthropic-ai/sdk";
import { askText } from "#engines/builder/ask-text.ts";
import { marksShared, sharedAndOwn } from "#engines/builder/caching.ts";
import { TextChunker } from "#engines/builder/chunk-text.ts";
import type { PlanFile } from "#engines/builder/plan.ts";
import { type Progress, planEntries } from "#engines/builder/plan-entries.ts";
import type { Project } from "#engines/builder/project.ts";
import { IMPLEMENTER, implementerPrompt } from "#engines/builder/prompts.ts";
import { putFile } from "#engines/builder/put-file.ts";
import { showDependency } from "#engines/builder/show-dependency.ts";
import { stripFence } from "#engines/builder/strip-fence.ts";
import { ANSWER_TOKENS } from "#engines/builder/tunables.ts";
import type { StepContext } from "#engines/engine.ts";

/** characters of a growing file in one event */
const PIECE = 240;

/** Asks the implementer for one file and puts it into the directory. Gives the content, to be kept with the step. */
export async function writeFile(
  project: Project,
  step: StepContext,
  file: PlanFile,
  progress: Progress,
): Promise<{ content: string }> {
  const { context, plan } = project;
  await step.say({ type: "plan", entries: planEntries(plan, progress) });
  const chunker = new TextChunker(PIECE);
  const show = async (pieces: string[]) => {
    for (const text of pieces) await step.say({ type: "output", stream: "stdout", text });
  };
  const answer = await askText(
    step,
    {
      model: context.model,
      max_tokens: ANSWER_TOKENS,
      system: IMPLEMENTER,
      messages: [{ role: "user", content: await contentFor(project, file) }],
    },
    async (delta) => show(chunker.add(delta)),
  );
  await show(chunker.end());
  const content = stripFence(answer);
  await putFile(project, step, file.path, content, await project.before(file.path));
  return { content };
}

/** Where it pays, what the other files' requests repeat is marked for the provider's cache. */
async function contentFor(project: Project, file: PlanFile): Promise<Anthropic.MessageParam["content"]> {
  const { shared, own } = await promptFor(project, file);
  const { files } = project.plan;
  return marksShared(files, file.path, shared) ? sharedAndOwn(shared, own) : `${shared}\n\n${own}`;
}

async function promptFor(project: Project, file: PlanFile): Promise<{ shared: string; own: string }> {
  const dependencies: ReturnType<typeof showDependency>[] = [];
  for (const path of file.dependsOn) {
    const content = await project.read(path);
    if (content !== null) dependencies.push(showDependency(path, content));
  }
  return implementerPrompt({
    requests: project.requests,
    plan: project.plan,
    file,
    dependencies,
    current: await project.read(file.path),
    instructions: project.context.instructions,
    background: project.background,
  });
}
