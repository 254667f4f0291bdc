import { z } from "zod";
import { problemsOfPlan } from "#engines/builder/check-plan.ts";
import { Plan, PlanFile, PlanMove } from "#engines/builder/plan.ts";
import { planEntries } from "#engines/builder/plan-entries.ts";
import type { Planned } from "#engines/builder/project.ts";
import { Argv, Server } from "#engines/builder/run/run-entry.ts";
import type { PlanEntry } from "#events/vocabulary.ts";

/** The step of a round whose result is a plan that a person may edit before it is carried out. */
export const PLAN_STEP = "plan";

/** A plan as a person gives it back: the architect's shape, with nothing in it that nobody knows. */
export const EditedPlan = Plan.extend({
  files: z.array(z.strictObject(PlanFile.shape)).max(200),
  move: z.array(z.strictObject(PlanMove.shape)).max(200).optional(),
  commands: z.strictObject({
    test: z.array(Argv).max(10),
    install: z.array(Argv).max(10).optional(),
    run: z
      .array(z.union([Argv, z.strictObject(Server.shape)]))
      .max(10)
      .optional(),
  }),
})
  .strict()
  .refine(isStorable, "holds a null character or half of a surrogate pair");
export type EditedPlan = z.infer<typeof EditedPlan>;

function isStorable(plan: unknown): boolean {
  let storable = true;
  JSON.stringify(plan, (_key, value: unknown) => {
    if (typeof value === "string" && (value.includes("\u0000") || !value.isWellFormed())) storable = false;
    return value;
  });
  return storable;
}

/** The tree that a plan starts from. */
export function treeOfPlan(result: unknown): string {
  return (result as Planned).treeHash;
}

/**
 * Puts a person's plan in the place of the architect's, after the same checks. `result`: the plan step's; `existing`:
 * the paths of its tree.
 */
export function editPlan(
  result: unknown,
  plan: EditedPlan,
  existing: string[],
): { problems: string[]; result: unknown; entries: PlanEntry[] } {
  const planned = result as Planned;
  const { languages = {} } = planned;
  return {
    problems: problemsOfPlan(plan, { languages, existing }),
    result: { ...planned, plan } satisfies Planned,
    entries: planEntries(plan, { done: new Set(), active: new Set() }),
  };
}
