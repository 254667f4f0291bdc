import type { RunView } from "#runs/ui/run-view.ts";

/** What the agent has said since it was last answered, without the sentence that its review says again. */
export function spokenWords(view: RunView): string {
  const words = view.words.trim();
  const summary = view.review?.summary.trim() ?? "";
  return summary !== "" && words.endsWith(summary) ? words.slice(0, -summary.length).trim() : words;
}
