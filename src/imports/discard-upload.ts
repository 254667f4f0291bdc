import { ASIDE, uploadPlace } from "#imports/upload-place.ts";
import { isAppError } from "#platform/errors.ts";
import type { FileEntry } from "#workspaces/workspace.ts";

interface Directory {
  list(path: string): Promise<FileEntry[]>;
  remove(path: string): Promise<void>;
}

/** Takes an uploaded file away with what came out of it; safe to repeat. Another upload that is on its way stays. */
export async function discardUpload(directory: Directory, uploadId: string): Promise<void> {
  await unlessGone(directory.remove(uploadPlace(uploadId).directory));
  await removeEmpty(directory);
}

/**
 * Takes away uploaded files that no row can name any more: web died between the file and its row. The caller says
 * from when on, in milliseconds of Unix time, a file may still be on its way to a row. Safe to repeat.
 */
export async function sweepUploads(directory: Directory, before: number): Promise<void> {
  for (const { path } of (await unlessGone(directory.list(ASIDE))) ?? []) {
    if (!path.startsWith(uploadPlace("").directory)) continue;
    const held = (await unlessGone(directory.list(path))) ?? [];
    // Empty: the file is being written out of sight, and comes whole.
    if (held.length === 0 || held.some(({ modifiedAt }) => Date.parse(modifiedAt) >= before)) continue;
    await unlessGone(directory.remove(path));
  }
  await removeEmpty(directory);
}

async function removeEmpty(directory: Directory): Promise<void> {
  const others = await unlessGone(directory.list(ASIDE));
  if (others?.length === 0) await unlessGone(directory.remove(ASIDE));
}

async function unlessGone<T>(done: Promise<T>): Promise<T | null> {
  return done.catch((error: unknown) => {
    if (!isAppError(error) || error.code !== "not_found") throw error;
    return null;
  });
}
