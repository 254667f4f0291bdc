import { askTool } from "#engines/builder/ask-tool.ts";
import { problemsOfPlan } from "#engines/builder/check-plan.ts";
import { compactRequests } from "#engines/builder/compact-requests.ts";
import { readBackground } from "#engines/builder/existing/background.ts";
import { outlineOf } from "#engines/builder/existing/outline.ts";
import { Plan } from "#engines/builder/plan.ts";
import { planEntries } from "#engines/builder/plan-entries.ts";
import type { Planned } from "#engines/builder/project.ts";
import { ARCHITECT, architectPrompt } from "#engines/builder/prompts.ts";
import { ANSWER_TOKENS } from "#engines/builder/tunables.ts";
import type { RunContext, StepContext } from "#engines/engine.ts";

/** Asks the architect for a plan that can be carried out here, and shows it. */
export async function drawPlan(context: RunContext, step: StepContext): Promise<Planned> {
  const treeHash = await context.capture();
  const requests = compactRequests(context.requests);
  const kept = await context.openTree(treeHash);
  const { paths: existing } = kept;
  const changing = context.round > 1;
  const prompt = architectPrompt({
    requests: changing ? requests.slice(0, -1) : requests,
    languages: context.languages,
    network: context.network,
    outline: await outlineOf(kept),
    background: await readBackground(kept),
    currentPlan: (await context.earlier<Planned>("plan"))?.plan ?? null,
    requestedChanges: changing ? (requests.at(-1) ?? null) : null,
    instructions: context.instructions,
  });
  const plan = await askTool(
    step,
    {
      model: context.model,
      max_tokens: ANSWER_TOKENS,
      system: ARCHITECT,
      messages: [{ role: "user", content: prompt }],
    },
    {
      name: "propose_plan",
      description:
        "Proposes the plan: the files to write, move and delete, and the commands that prove them.",
      schema: Plan,
      problems: (proposed) => problemsOfPlan(proposed, { languages: context.languages, existing }),
    },
  );
  await step.say({ type: "agent_message_chunk", content: { type: "text", text: `${plan.summary}\n\n` } });
  await step.say({ type: "plan", entries: planEntries(plan, { done: new Set(), active: new Set() }) });
  const prices = await context.money.prices();
  const { spentMicroUsd } = await context.money.room();
  return { plan, treeHash, languages: context.languages, prices, spentMicroUsd };
}
