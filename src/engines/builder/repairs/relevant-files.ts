import type { Failure } from "#engines/builder/failure.ts";
import type { Project } from "#engines/builder/project.ts";
import { FILES_SHOWN } from "#engines/builder/tunables.ts";

/** The files that a repair may be about, by path: those of this round, and of the others those that a failure names. */
export async function relevantFiles(
  project: Project,
  failures: readonly Failure[],
): Promise<Map<string, string>> {
  const output = failures.map((failure) => failure.output).join("\n");
  const named = (path: string) => output.includes(path.split("/").at(-1) ?? path);
  const ours = new Set([...project.plan.files.map(({ path }) => path), ...project.writtenPaths]);
  const others = project.paths.filter((path) => !ours.has(path) && output.includes(path));
  const shown = new Map<string, string>();
  let room = FILES_SHOWN;
  for (const path of [...[...ours].filter(named), ...others, ...[...ours].filter((path) => !named(path))]) {
    const content = await project.read(path);
    if (content === null || content.length > room || content.includes("\u0000")) continue;
    room -= content.length;
    shown.set(path, content);
  }
  return shown;
}
