import type { Project } from "#engines/builder/project.ts";
import { FILE_MOST } from "#engines/builder/tunables.ts";
import type { StepContext } from "#engines/engine.ts";
import { AppError, isAppError } from "#platform/errors.ts";
import { lineChanges } from "#snapshots/line-changes.ts";

/** Writes a file whole and says how it differs from `before`. @throws AppError too_large, bad_request */
export async function putFile(
  project: Project,
  step: StepContext,
  path: string,
  content: string,
  before: Buffer | null,
): Promise<void> {
  const bytes = Buffer.from(content.toWellFormed());
  if (bytes.length > FILE_MOST)
    throw new AppError("too_large", `The model's text for ${path} is larger than ${FILE_MOST} bytes.`);
  await project.context.directory
    .write(path, bytes, { mode: project.modeOf(path, content) })
    .catch((error: unknown) => {
      // What the program put in the way: a link, or a directory where a file should be.
      if (!isAppError(error) || error.code !== "bad_request") throw error;
      throw new AppError("bad_request", `${path} cannot be written: ${error.message}`, { cause: error });
    });
  const { additions, deletions } = lineChanges(path, before, bytes);
  const change = before === null ? "created" : "modified";
  await step.say({ type: "file_changed", path, change, size: bytes.length, additions, deletions });
}
