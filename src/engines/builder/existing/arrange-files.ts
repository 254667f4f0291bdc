import { arranges } from "#engines/builder/existing/arrangement.ts";
import { existingWords } from "#engines/builder/existing/existing-words.ts";
import { ARRANGED, planEntries } from "#engines/builder/plan-entries.ts";
import type { Project } from "#engines/builder/project.ts";
import type { StepContext } from "#engines/engine.ts";
import { isAppError } from "#platform/errors.ts";
import { lineChanges } from "#snapshots/line-changes.ts";

/**
 * Moves and deletes as the plan says, as one step before anything is written. All content comes from the tree that was
 * kept before, so that a repeat does the same whatever the directory holds by then. What goes is gone first: a folder
 * may come in its place.
 */
export async function arrangeFiles(project: Project): Promise<void> {
  const { context, plan } = project;
  if (!arranges(plan)) return;
  await context.step("arrange", existingWords(plan.language).arrange, async (step) => {
    const progress = { done: new Set<string>(), active: new Set([ARRANGED]) };
    await step.say({ type: "plan", entries: planEntries(plan, progress) });
    for (const path of project.arrangement.gone) await takeAway(project, step, path);
    for (const path of project.arrangement.moved.keys()) await putMoved(project, step, path);
    return {};
  });
}

async function putMoved(project: Project, step: StepContext, path: string): Promise<void> {
  const [content, old] = [await project.before(path), await project.original(path)];
  if (content === null) return;
  await project.context.directory.write(path, content, { mode: project.modeOf(path) });
  const { additions, deletions } = lineChanges(path, old, content);
  const change = old === null ? "created" : "modified";
  await step.say({ type: "file_changed", path, change, size: content.length, additions, deletions });
}

async function takeAway(project: Project, step: StepContext, path: string): Promise<void> {
  await removeFile(project, path);
  const { additions, deletions } = lineChanges(path, await project.original(path), null);
  await step.say({ type: "file_changed", path, change: "deleted", size: 0, additions, deletions });
}

/** Removes what stands at the path; where nothing does, that was done before. */
export async function removeFile(project: Project, path: string): Promise<void> {
  await project.context.directory.remove(path).catch((error: unknown) => {
    if (!isAppError(error) || error.code !== "not_found") throw error;
  });
}
