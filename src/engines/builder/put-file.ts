import type { Project } from "#engines/builder/project.ts";
import { FILE_MOST } from "#engines/builder/tunables.ts";
import type { StepContext } from "#engines/engine.ts";
import { AppError } from "#platform/errors.ts";
import { lineChanges } from "#snapshots/line-changes.ts";

/** Writes a file whole and says how it differs from `before`. @throws AppError too_large */
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
  await project.context.directory.write(path, bytes, { mode: content.startsWith("#!") ? 0o755 : 0o644 });
  const { additions, deletions } = lineChanges(path, before, bytes);
  const change = before === null ? "created" : "modified";
  await step.say({ type: "file_changed", path, change, size: bytes.length, additions, deletions });
}
