import { interfaceOf } from "#engines/builder/show-dependency.ts";
import {
  EXISTING_NAMED,
  OUTLINE_MOST,
  OUTLINED_FILE_MOST,
  OUTLINED_FILES,
} from "#engines/builder/tunables.ts";
import type { KeptTree } from "#engines/engine.ts";

export interface Outline {
  /** the files' paths and sizes, a line each */
  files: string[];
  /** what programs among them offer to others */
  interfaces: { path: string; content: string; part: true }[];
}

/** What exists, for who plans a change of it, within bounds: those nearest to the project's root come first. */
export async function outlineOf(tree: KeptTree): Promise<Outline> {
  const files = tree.paths
    .slice(0, EXISTING_NAMED)
    .map((path) => `${path} (${tree.look(path)?.size ?? 0} bytes)`);
  const depth = (path: string) => path.split("/").length;
  const likely = tree.paths.filter((path) => (tree.look(path)?.size ?? 0) <= OUTLINED_FILE_MOST);
  const interfaces: Outline["interfaces"] = [];
  let room = OUTLINE_MOST;
  for (const path of likely
    .toSorted((a, b) => depth(a) - depth(b))
    .filter(isProgram)
    .slice(0, OUTLINED_FILES)) {
    const content = interfaceOf(path, (await tree.read(path))?.toString("utf8") ?? "");
    if (content === "" || content.length > room) continue;
    room -= content.length;
    interfaces.push({ path, content, part: true });
  }
  return { files, interfaces };
}

function isProgram(path: string): boolean {
  return /\.(py|[cm]?[jt]sx?)$/.test(path);
}
