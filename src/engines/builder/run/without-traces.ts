import { removeFile } from "#engines/builder/existing/arrange-files.ts";
import type { Project } from "#engines/builder/project.ts";
import { type Copies, keepCopies } from "#engines/builder/run/keep-copies.ts";
import { type Survey, type Surveyed, surveyFiles } from "#engines/builder/run/survey-files.ts";
import type { StepContext } from "#engines/engine.ts";
import { SKIPPED_NAMES } from "#snapshots/tree.ts";

/**
 * What a program writes while it shows itself at work is no part of the project: what is new is taken away, and what
 * it changed or took away is put back (what this round wrote itself is restored by whoever called). What was there before is asked by a journalled process: a
 * repeated step, whose programs have run already, gets what was there before they did.
 */
export async function withoutTraces<T>(
  project: Project,
  step: StepContext,
  work: () => Promise<T>,
): Promise<T> {
  const before = await surveyFiles(project, step);
  const copies = before && (await keepCopies(project, step, before));
  const result = await work();
  // Not known in full, nothing can be said to be new.
  if (before && copies) {
    await removeNew(project, before);
    await putBack(project, before, copies);
  }
  await copies?.drop();
  return result;
}

/** Shorter paths first, so that a new directory goes with all that is in it. */
async function removeNew(project: Project, before: Survey): Promise<void> {
  const listed = await project.context.directory.list("", { recursive: true, skip: SKIPPED_NAMES });
  const paths = listed.map(({ path }) => path).sort((a, b) => a.length - b.length);
  for (const path of paths) if (!before.has(path)) await removeFile(project, path);
}

async function putBack(project: Project, before: Survey, copies: Copies): Promise<void> {
  const after = await surveyFiles(project);
  if (!after) return;
  // Shorter paths first: a file where there was a directory goes before what was in that comes back.
  for (const [path, was] of [...before].sort(([a], [b]) => a.length - b.length)) {
    const now = after.get(path);
    if (isSame(was, now)) continue;
    const content = was.type === "file" ? await contentOf(project, path, was.hash, copies) : null;
    // Of what cannot be put back, what stands in its place stays.
    if (was.type === "file" && content === null) continue;
    if (now && now.type !== was.type) await removeFile(project, path);
    if (was.type !== "file" || content === null) continue;
    await project.context.directory.write(path, content, { mode: was.executable ? 0o755 : 0o644 });
  }
}

function isSame(was: Surveyed, now: Surveyed | undefined): boolean {
  if (was.type !== "file" || now?.type !== "file") return was.type === now?.type;
  return was.hash === now.hash && was.executable === now.executable;
}

/** null: it is the round's own, which is restored anyway, or nothing has it. */
async function contentOf(
  project: Project,
  path: string,
  hash: string | null,
  copies: Copies,
): Promise<Buffer | null> {
  if (hash === null || project.isOwn(path)) return null;
  return project.hashBefore(path) === hash ? project.before(path) : copies.read(path, hash);
}
