import { AppError } from "#platform/errors.ts";
import type { WorkspaceDriver } from "#workspaces/driver.ts";
import { LocalDriver } from "#workspaces/drivers/local/local-driver.ts";

/**
 * The driver by its name in WORKSPACE_DRIVER. `home` is CARREL_HOME.
 * @throws AppError unavailable for one that this version does not have
 */
export function createDriver(
  name: "auto" | "docker" | "kubernetes" | "local",
  options: { home: string },
): WorkspaceDriver {
  if (name === "auto" || name === "local") return new LocalDriver(options);
  throw new AppError("unavailable", `WORKSPACE_DRIVER=${name} is not there yet; set it to local or auto.`);
}
