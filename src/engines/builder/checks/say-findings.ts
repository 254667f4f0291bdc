import { FINDINGS_TOLD, type Finding } from "#engines/builder/checks/finding.ts";
import type { Project } from "#engines/builder/project.ts";
import type { StepContext } from "#engines/engine.ts";

/** Says what a tool found: the first of it in full, the rest as a number. */
export async function sayFindings(
  project: Project,
  step: StepContext,
  tool: string,
  findings: Finding[],
): Promise<void> {
  for (const finding of findings.slice(0, FINDINGS_TOLD))
    await step.say({ type: "finding", tool, ...finding });
  const more = findings.length - FINDINGS_TOLD;
  if (more > 0)
    await step.say({ type: "finding", tool, severity: "info", message: project.words.moreFindings(more) });
}
