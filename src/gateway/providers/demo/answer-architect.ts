import { applyChange } from "./apply-change.ts";
import { asksForNewProgram, chooseDesign } from "./choose-design.ts";
import { type Design, type Language, readStamp } from "./design.ts";
import { askedLanguage, asksForAnotherLanguage, offeredLanguages } from "./detect-language.ts";
import { readFields } from "./read-details.ts";
import { readName } from "./read-name.ts";
import { contentsOf, openingOf, type Part, strategyOf, wishOf } from "./read-request.ts";
import { planOf, renderProject } from "./render-project.ts";
import { changeSummary, planSummary, planTitle } from "./say-plan.ts";

/** The plan for the builder's prompt, or null when the workspace has none of the demo model's languages. */
export function proposePlan(parts: Part[]): Record<string, unknown> | null {
  const wish = wishOf(parts);
  const offered = offeredLanguages(contentsOf(parts, "languages")[0] ?? null);
  if (offered.length === 0) return null;
  const current = readStamp(strategyOf(contentsOf(parts, "current_plan")[0] ?? ""));
  // Each line is a path and a size.
  const listed = contentsOf(parts, "existing")[0]?.split("\n") ?? [];
  const existing = new Set(listed.map((line) => line.replace(/ \(\d+ bytes\)$/, "")));
  const hasReadme = [...existing].some((path) => path.toLowerCase() === "readme.md");
  // Before its own first plan, a README can only be another's.
  const choose = () => ({
    ...chooseDesign(wish, offered),
    keepsReadme: current?.keepsReadme ?? hasReadme,
  });
  const changes = contentsOf(parts, "requested_changes")[0];
  if (changes !== undefined) {
    return changedPlan(current ?? choose(), openingOf(changes), offered, existing);
  }
  // A new run of an agent that made something before: a change, unless it asks for a program of its own.
  if (current && !asksForNewProgram(wish)) return changedPlan(current, wish, offered, existing);
  return newPlan(wish, choose());
}

function newPlan(request: string, design: Design): Record<string, unknown> {
  const asked = askedLanguage(request);
  const refused = (asked !== null && asked !== design.language) || asksForAnotherLanguage(request);
  const { files, summary } = renderProject(design);
  const words = {
    title: planTitle(design),
    summary: planSummary(design, summary, {
      refused,
      named: readName(request) !== null,
      fields: readFields(request),
    }),
  };
  return planOf(design, words, files);
}

/** Only the files whose text the change alters, and those that are not there (a plan can be changed before it is carried out). */
function changedPlan(
  before: Design,
  change: string,
  offered: Language[],
  existing: Set<string>,
): Record<string, unknown> {
  const changed = applyChange(before, change, offered);
  const old = new Map(renderProject(before).files.map((file) => [file.path, file.content]));
  const { files } = renderProject(changed);
  const unwritten = files.some((file) => file.mistaken !== undefined && !existing.has(file.path));
  const design = { ...changed, fault: before.fault && unwritten };
  const needed = files.filter((file) => old.get(file.path) !== file.content || !existing.has(file.path));
  return planOf(design, { title: planTitle(design), summary: changeSummary(design) }, needed);
}
