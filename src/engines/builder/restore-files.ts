import type { Project } from "#engines/builder/project.ts";
import { SKIPPED_NAMES } from "#snapshots/tree.ts";

/**
 * Puts back what this round has written and the directory does not hold as it was written: a workspace may have lost
 * its last moments, and a program may have changed its own files while it was tested. Files are whole or not there,
 * so that their sizes tell.
 */
export async function restoreFiles(project: Project): Promise<void> {
  const { directory } = project.context;
  const listed = await directory.list("", { recursive: true, skip: SKIPPED_NAMES });
  const sizes = new Map(listed.map(({ path, type, size }) => [path, type === "file" ? size : -1]));
  for (const path of project.writtenPaths) {
    const content = (await project.read(path)) ?? "";
    const bytes = Buffer.from(content.toWellFormed());
    if (sizes.get(path) !== bytes.length) await directory.write(path, bytes, { mode: modeOf(content) });
  }
}

/** A file that names its interpreter can be started. */
export function modeOf(content: string): number {
  return content.startsWith("#!") ? 0o755 : 0o644;
}
