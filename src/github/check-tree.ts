import type { Obstacle } from "#events/vocabulary.ts";
import { isPlainPath } from "#snapshots/plain-path.ts";
import type { TreeEntry } from "#snapshots/tree.ts";

/** GitHub takes no larger file. Bytes. */
const MAX_FILE_BYTES = 100 * 1024 * 1024;

/** Examples of private settings are there to be read. */
const EXAMPLE = /^\.env\.(example|sample|template|dist)$/i;

/**
 * What of a tree cannot be published as it is, by names, modes and sizes alone. `changed`: the files that differ from
 * the version before; rules about change look at those only.
 */
export function checkTree(
  entries: TreeEntry[],
  rules: { changed: (path: string) => boolean; mayChangeWorkflows: boolean },
): Obstacle[] {
  return entries.flatMap((entry): Obstacle[] => {
    const { path } = entry;
    const found = (code: Obstacle["code"], message: string): Obstacle[] => [{ code, path, message }];
    if (!isPlainPath(path))
      return found("path", "This path leads out of the repository, or into git's own files.");
    if (!/^100(644|755)$/.test(entry.mode)) return found("link", "This is a link, not a file.");
    if (entry.size > MAX_FILE_BYTES) return found("too_large", "GitHub takes files up to 100 MB.");
    if (isPrivate(path) && rules.changed(path))
      return found("private", "A file of this name holds private settings; it is never published.");
    if (!rules.mayChangeWorkflows && isWorkflow(path) && rules.changed(path))
      return found("workflow", "The GitHub App has no permission to change workflows.");
    return [];
  });
}

function isPrivate(path: string): boolean {
  const name = path.split("/").at(-1) ?? "";
  return /^\.env(\..+)?$/i.test(name) && !EXAMPLE.test(name);
}

export function isWorkflow(path: string): boolean {
  return /^\.github\/workflows\//i.test(path);
}
