import { inProject } from "#engines/builder/in-project.ts";
import type { Project } from "#engines/builder/project.ts";
import { restoreFiles } from "#engines/builder/restore-files.ts";
import type { StepContext } from "#engines/engine.ts";
import { isAppError } from "#platform/errors.ts";
import { SKIPPED_NAMES } from "#snapshots/tree.ts";

const SKIP = SKIPPED_NAMES.flatMap((name, index) => [...(index === 0 ? [] : ["-o"]), "-name", name]);
const FIND = ["find", ".", "-mindepth", "1", "(", ...SKIP, ")", "-prune", "-o", "-print"];

/** What a program writes while it shows itself at work is no part of the project: taken away, and its files put back. */
export async function withoutTraces<T>(
  project: Project,
  step: StepContext,
  work: () => Promise<T>,
): Promise<T> {
  const before = await pathsBefore(project, step);
  const result = await work();
  for (const path of before ? await pathsIn(project) : []) {
    if (!before?.has(path)) await remove(project, path);
  }
  await restoreFiles(project);
  return result;
}

/**
 * By a journalled process: a repeated step, whose programs have run already, gets what was there before they did. null:
 * not known in full, so that nothing can be said to be new.
 */
async function pathsBefore({ context }: Project, step: StepContext): Promise<Set<string> | null> {
  const spec = { argv: inProject(FIND), timeoutMs: 60_000, outputLimit: 8 * 1024 * 1024 };
  const found = await context.directory.run(step.processId("before-run"), spec, async () => {});
  if (found.exitCode !== 0 || found.truncated) return null;
  return new Set(found.stdout.split("\n").map((path) => path.slice("./".length)));
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
