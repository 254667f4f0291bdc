import { removeFile } from "#engines/builder/existing/arrange-files.ts";
import type { Project } from "#engines/builder/project.ts";
import { type Survey, surveyFiles } from "#engines/builder/run/survey-files.ts";
import { sha256 } from "#platform/crypto.ts";
import { SKIPPED_NAMES } from "#snapshots/tree.ts";

/**
 * Puts back what this round has moved and written and the directory does not hold so, by content and by mode, and takes
 * away again what it has taken away: a workspace may have lost its last moments, and a program may have changed its own
 * files while it was tested.
 */
export async function restoreFiles(project: Project): Promise<void> {
  const { directory } = project.context;
  const { moved, gone } = project.arrangement;
  const own = new Set([...project.writtenPaths, ...moved.keys()]);
  if (gone.size > 0) await removeGone(project, own);
  if (own.size === 0) return;
  // What cannot be looked at is written, whatever it is.
  const found: Survey = (await surveyFiles(project, { paths: [...own] })) ?? new Map();
  for (const path of own) {
    const content = await project.bytes(path);
    if (content === null) continue;
    const mode = project.modeOf(path, moved.has(path) ? "" : content.toString("utf8"));
    const now = found.get(path);
    if (now?.type === "file" && now.hash === sha256(content) && now.executable === (mode === 0o755)) continue;
    if (now && now.type !== "file") await removeFile(project, path);
    await directory.write(path, content, { mode });
  }
}

/** First, as a folder may come in the place of what is gone; where it has come already, it stays. */
async function removeGone(project: Project, own: ReadonlySet<string>): Promise<void> {
  const listed = await project.context.directory.list("", { recursive: true, skip: SKIPPED_NAMES });
  const types = new Map(listed.map(({ path, type }) => [path, type]));
  for (const path of project.arrangement.gone) {
    const type = types.get(path);
    if (type !== undefined && type !== "directory" && !own.has(path)) await removeFile(project, path);
  }
}
