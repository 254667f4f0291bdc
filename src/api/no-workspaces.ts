import type { WorkspaceAccess } from "#api/workspace-access.ts";
import { AppError } from "#platform/errors.ts";

/** Where no runner can be reached. */
export function noWorkspaces(): WorkspaceAccess {
  const refuse = async () => {
    throw new AppError("unavailable", "No runner can be reached.");
  };
  return {
    read: refuse,
    start: refuse,
    stop: refuse,
    restart: refuse,
    destroy: refuse,
    listFiles: refuse,
    readFile: refuse,
    writeFile: refuse,
    removeFile: refuse,
    exec: refuse,
    removeAgent: refuse,
    restore: refuse,
  };
}
