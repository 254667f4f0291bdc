import { problemOfPath } from "#engines/builder/check-path.ts";
import { arrangementOf, pathsAfter } from "#engines/builder/existing/arrangement.ts";
import type { Plan } from "#engines/builder/plan.ts";

/** What is wrong with a plan's moves and deletions, and with where its files stand among those that exist. */
export function problemsOfArrangement(plan: Plan, existing: readonly string[]): string[] {
  const there = new Set(existing);
  const written = plan.files.map(({ path }) => path);
  const { move = [], delete: deleted = [] } = plan;
  const left = [...deleted, ...move.map(({ from }) => from)];
  const arrived = move.map(({ to }) => to);
  const arrangement = arrangementOf(plan);
  const after = pathsAfter(arrangement, existing);
  return [
    ...(written.length + left.length === 0 ? ["The plan changes nothing."] : []),
    ...left
      .filter((path) => !there.has(path))
      .map((path) => `${quoted(path)}: there is no such file to delete or move.`),
    ...repeated(left).map((path) => `${path} is deleted or moved more than once.`),
    ...repeated(arrived).map((path) => `More than one file is moved to ${path}.`),
    ...arrived.flatMap((path) => {
      const problem = problemOfPath(path);
      if (problem) return [`${quoted(path)} ${problem}.`];
      return there.has(path) && !left.includes(path)
        ? [`${path} is there already; nothing can be moved to it.`]
        : [];
    }),
    ...written.filter((path) => deleted.includes(path)).map((path) => `${path} is both deleted and written.`),
    ...problemsOfFolders([...new Set([...written, ...arrived])], [...after, ...written], existing),
  ];
}

/** A path cannot be a file and a folder at once, whoever made the other. A folder stays when all in it is gone. */
export function problemsOfFolders(made: string[], after: string[], existing: readonly string[]): string[] {
  const files = new Set(after);
  const folders = new Set([...after, ...existing].flatMap(foldersOf));
  return made.flatMap((path) => {
    if (folders.has(path)) return [`${path} is a folder of other files and cannot be a file.`];
    const file = foldersOf(path).find((folder) => files.has(folder));
    return file === undefined ? [] : [`${path} cannot lie in ${file}, which is a file.`];
  });
}

function foldersOf(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

function repeated(paths: string[]): string[] {
  return [...new Set(paths.filter((path, index) => paths.indexOf(path) !== index))];
}

function quoted(path: string): string {
  return JSON.stringify(path);
}
