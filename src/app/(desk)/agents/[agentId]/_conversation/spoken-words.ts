import { readStepKey } from "#app/_shell/step-words.ts";
import type { RunView } from "#runs/ui/run-view.ts";

/** A file's text is read on the desk, and the sum of it all stands in the review: neither is said twice. */
const SILENT = new Set(["write", "sum"]);

/** What the agent has said to its person in this round of the run, each step's words a paragraph of their own. */
export function spokenWords(view: RunView): string {
  const round = Math.max(1, ...view.steps.map(({ key }) => readStepKey(key).round));
  const said = view.steps
    .filter(({ key }) => readStepKey(key).round === round && !SILENT.has(readStepKey(key).kind))
    .flatMap(({ entries }) =>
      entries.flatMap((entry) => (entry.kind === "words" ? [entry.text.trim()] : [])),
    );
  return [...said, view.words.trim()].filter((words) => words !== "").join("\n\n");
}
