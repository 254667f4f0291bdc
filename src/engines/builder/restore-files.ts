import { removeFile } from "#engines/builder/existing/arrange-files.ts";
import type { Project } from "#engines/builder/project.ts";
import { SKIPPED_NAMES } from "#snapshots/tree.ts";

/**
 * Puts back what this round has moved and written and the directory does not hold so, and takes away again what it has
 * taken away: a workspace may have lost its last moments, and a program may have changed its own files while it was
 * tested. Files are whole or not there, so that their sizes tell.
 */
export async function restoreFiles(project: Project): Promise<void> {
  const { directory } = project.context;
  const listed = await directory.list("", { recursive: true, skip: SKIPPED_NAMES });
  const sizes = new Map(listed.map(({ path, type, size }) => [path, type === "file" ? size : -1]));
  const folders = new Set(listed.flatMap(({ path, type }) => (type === "directory" ? [path] : [])));
  const put = async (path: string, bytes: Buffer, content = "") => {
    if (sizes.get(path) !== bytes.length)
      await directory.write(path, bytes, { mode: project.modeOf(path, content) });
  };
  const written = new Set(project.writtenPaths);
  const { moved, gone } = project.arrangement;
  // First, as a folder may come in the place of what is gone; where it has come already, it stays.
  for (const path of gone)
    if (sizes.has(path) && !folders.has(path) && !written.has(path)) await removeFile(project, path);
  for (const path of written) {
    const content = (await project.read(path)) ?? "";
    await put(path, Buffer.from(content.toWellFormed()), content);
  }
  for (const path of moved.keys()) {
    const content = written.has(path) ? null : await project.before(path);
    if (content !== null) await put(path, content);
  }
}
