import { applyChange } from "./apply-change.ts";
import { asksForNewProgram, chooseDesign } from "./choose-design.ts";
import { type Design, type Language, readStamp } from "./design.ts";
import { askedLanguage, offeredLanguages } from "./detect-language.ts";
import { contentsOf, type Part, strategyOf } from "./read-request.ts";
import { planOf, renderProject } from "./render-project.ts";
import { changeSummary, planSummary, planTitle } from "./say-plan.ts";

/** The plan for the builder's prompt, or null when the workspace has neither of the demo model's two languages. */
export function proposePlan(parts: Part[]): Record<string, unknown> | null {
  const requests = contentsOf(parts, "request");
  const offered = offeredLanguages(contentsOf(parts, "languages")[0] ?? null);
  if (offered.length === 0) return null;
  const current = readStamp(strategyOf(contentsOf(parts, "current_plan")[0] ?? ""));
  const changes = contentsOf(parts, "requested_changes")[0];
  if (changes !== undefined) {
    return changedPlan(current ?? chooseDesign(requests.join("\n"), offered), changes, offered);
  }
  const wish = requests.join("\n");
  // A new run of an agent that made something before: a change, unless it asks for a program of its own.
  if (current && !asksForNewProgram(wish)) return changedPlan(current, wish, offered);
  return newPlan(wish, offered);
}

function newPlan(request: string, offered: Language[]): Record<string, unknown> {
  const design = chooseDesign(request, offered);
  const asked = askedLanguage(request);
  const refused = asked && asked !== design.language ? asked : null;
  const { files, summary } = renderProject(design);
  const words = { title: planTitle(design), summary: planSummary(design, summary, refused) };
  return planOf(design, words, files);
}

/** Only the files whose text the change alters, or that it adds. */
function changedPlan(before: Design, change: string, offered: Language[]): Record<string, unknown> {
  const design = applyChange(before, change, offered);
  const old = new Map(
    renderProject({ ...before, fault: false }).files.map((file) => [file.path, file.content]),
  );
  const files = renderProject(design).files.filter((file) => old.get(file.path) !== file.content);
  return planOf(design, { title: planTitle(design), summary: changeSummary(design) }, files);
}
