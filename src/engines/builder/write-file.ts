import type Anthropic from "@anthropic-ai/sdk";
import { askText } from "#engines/builder/ask-text.ts";
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

/** Writing to the cache costs a quarter more and reading a tenth: from the second use on it is cheaper. */
const FILES_THAT_PAY = 3;
/** characters; providers keep nothing shorter than about a thousand tokens */
const SHORTEST_THAT_PAYS = 4_000;
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

/** Where it pays, two blocks: the first, which the other files' calls repeat, is kept in the provider's cache. */
async function contentFor(project: Project, file: PlanFile): Promise<Anthropic.MessageParam["content"]> {
  const { shared, own } = await promptFor(project, file);
  const pays = project.plan.files.length >= FILES_THAT_PAY && shared.length >= SHORTEST_THAT_PAYS;
  if (!pays) return `${shared}\n\n${own}`;
  return [
    { type: "text", text: shared, cache_control: { type: "ephemeral" } },
    { type: "text", text: own },
  ];
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
