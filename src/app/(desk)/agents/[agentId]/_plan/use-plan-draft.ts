"use client";

import { useState } from "react";
import type { EditedPlan } from "#engines/edit-plan.ts";
import { linesOf, type RunLine, readCommand, readRunEntry, writeRunEntry } from "#runs/ui/command-line.ts";

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
    commands: {
      ...draft.plan.commands,
      test: fromLines(draft.test, readCommand),
      run: fromLines(draft.run, readRunEntry),
    },
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

const asLines = (commands: RunLine[]) => commands.map(writeRunEntry).join("\n");
const fromLines = <T>(text: string, read: (line: string) => T): T[] => linesOf(text).map(read);
