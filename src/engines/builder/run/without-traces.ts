import type { Project } from "#engines/builder/project.ts";
import { restoreFiles } from "#engines/builder/restore-files.ts";
import { isAppError } from "#platform/errors.ts";
import { SKIPPED_NAMES } from "#snapshots/tree.ts";

/** What a program writes while it shows itself at work is no part of the project: taken away, and its files put back. */
export async function withoutTraces<T>(project: Project, work: () => Promise<T>): Promise<T> {
  const before = new Set(await pathsIn(project));
  const result = await work();
  for (const path of await pathsIn(project)) {
    if (!before.has(path)) await remove(project, path);
  }
  await restoreFiles(project);
  return result;
}

/** Shorter paths first, so that a new directory goes with all that is in it. */
async function pathsIn({ context }: Project): Promise<string[]> {
  const listed = await context.directory.list("", { recursive: true, skip: SKIPPED_NAMES });
  return listed.map(({ path }) => path).sort((a, b) => a.length - b.length);
}

async function remove({ context }: Project, path: string): Promise<void> {
  await context.directory.remove(path).catch((error: unknown) => {
    if (!isAppError(error) || error.code !== "not_found") throw error;
  });
}
