"use client";

import { useState } from "react";
import type { EditedPlan } from "#engines/edit-plan.ts";
import { readCommand, writeCommand } from "#runs/ui/command-line.ts";

/** What is being edited of a plan; commands as they are typed. */
interface PlanDraft {
  plan: EditedPlan;
  test: string;
  run: string;
}

// It outlives the panel: a phone that is turned gets another layout of the page.
const drafts = new Map<string, PlanDraft>();

/** `about`: the review that the plan is of. */
export function usePlanDraft(about: string, proposed: EditedPlan) {
  const [draft, setDraft] = useState<PlanDraft>(() => drafts.get(about) ?? draftOf(proposed));
  const change = (part: Partial<PlanDraft>) => {
    const changed = { ...draft, ...part };
    drafts.set(about, changed);
    setDraft(changed);
  };
  const edited = (): EditedPlan => ({
    ...draft.plan,
    commands: { test: fromLines(draft.test), run: fromLines(draft.run) },
  });
  return { draft, change, edited };
}

export function hasPlanDraft(about: string): boolean {
  return drafts.has(about);
}

export function dropPlanDraft(about: string): void {
  drafts.delete(about);
}

function draftOf(plan: EditedPlan): PlanDraft {
  return { plan, test: asLines(plan.commands.test), run: asLines(plan.commands.run ?? []) };
}

const asLines = (commands: string[][]) => commands.map(writeCommand).join("\n");
const fromLines = (text: string) =>
  text
    .split("\n")
    .map(readCommand)
    .filter((argv) => argv.length > 0);
