import { removeFile } from "#engines/builder/existing/arrange-files.ts";
import type { Project } from "#engines/builder/project.ts";
import { isAppError } from "#platform/errors.ts";
import { SKIPPED_NAMES } from "#snapshots/tree.ts";
import type { AgentDirectory, FileEntry } from "#workspaces/workspace.ts";

/**
 * Puts back what this round has moved and written and the directory does not hold so, by content and by mode, and takes
 * away again what it has taken away: a workspace may have lost its last moments, and a program may have changed its own
 * files while it was tested.
 */
export async function restoreFiles(project: Project): Promise<void> {
  const { directory } = project.context;
  const { moved, gone } = project.arrangement;
  const own = new Set([...project.writtenPaths, ...moved.keys()]);
  const listed = await directory.list("", { recursive: true, skip: SKIPPED_NAMES });
  const found = new Map(listed.map((entry) => [entry.path, entry]));
  // First, as a folder may come in the place of what is gone; where it has come already, it stays.
  for (const path of gone) {
    const type = found.get(path)?.type;
    if (type !== undefined && type !== "directory" && !own.has(path)) await removeFile(project, path);
  }
  for (const path of own) {
    const content = await project.bytes(path);
    if (content === null) continue;
    const mode = project.modeOf(path, moved.has(path) ? "" : content.toString("utf8"));
    const now = found.get(path);
    if (now && (await holds(directory, now, content, mode))) continue;
    if (now && now.type !== "file") await removeFile(project, path);
    await directory.write(path, content, { mode });
  }
}

/** Whether the file is that already; it is read only where it could be. */
async function holds(
  directory: AgentDirectory,
  now: FileEntry,
  content: Buffer,
  mode: number,
): Promise<boolean> {
  const isAlike = now.type === "file" && now.size === content.length;
  if (!isAlike || ((now.mode & 0o111) !== 0) !== (mode === 0o755)) return false;
  const present = await directory.read(now.path, { maxBytes: content.length + 1 }).catch((error: unknown) => {
    // Changed or gone since it was listed.
    if (!isAppError(error) || (error.code !== "not_found" && error.code !== "too_large")) throw error;
    return null;
  });
  return present?.equals(content) ?? false;
}
