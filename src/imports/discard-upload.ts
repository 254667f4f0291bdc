import { ASIDE, uploadPlace } from "#imports/upload-place.ts";
import { isAppError } from "#platform/errors.ts";

interface Directory {
  list(path: string): Promise<unknown[]>;
  remove(path: string): Promise<void>;
}

/** Takes an uploaded file away with what came out of it; safe to repeat. Another upload that is on its way stays. */
export async function discardUpload(directory: Directory, uploadId: string): Promise<void> {
  await unlessGone(directory.remove(uploadPlace(uploadId).directory));
  const others = await unlessGone(directory.list(ASIDE));
  if (others?.length === 0) await unlessGone(directory.remove(ASIDE));
}

async function unlessGone<T>(done: Promise<T>): Promise<T | null> {
  return done.catch((error: unknown) => {
    if (!isAppError(error) || error.code !== "not_found") throw error;
    return null;
  });
}
