import { AppError } from "#platform/errors.ts";
import type { Logger } from "#platform/log.ts";
import type { WorkspaceDriver } from "#workspaces/driver.ts";
import { connectEngine } from "#workspaces/drivers/docker/connect-engine.ts";
import { DockerDriver } from "#workspaces/drivers/docker/docker-driver.ts";
import { LocalDriver } from "#workspaces/drivers/local/local-driver.ts";

export interface DriverOptions {
  /** CARREL_HOME */
  home: string;
  /** DOCKER_HOST; unset: this machine's own engine */
  dockerHost: string | undefined;
  image: string;
  runtime: string | undefined;
  log: Logger;
}

/**
 * The drivers by their name in WORKSPACE_DRIVER; the first that works makes new workspaces. With `auto` that is Docker
 * where an engine answers that has the image, else the machine's own namespaces.
 * @throws AppError unavailable for one that this version does not have
 */
export function createDrivers(
  name: "auto" | "docker" | "kubernetes" | "local",
  options: DriverOptions,
): WorkspaceDriver[] {
  const { home, dockerHost, image, runtime, log } = options;
  const docker = () => new DockerDriver({ engine: connectEngine(dockerHost), home, image, runtime, log });
  switch (name) {
    case "auto":
      return [docker(), new LocalDriver({ home })];
    case "docker":
      return [docker()];
    case "local":
      return [new LocalDriver({ home })];
    default:
      throw new AppError(
        "unavailable",
        `WORKSPACE_DRIVER=${name} is not there yet; set it to docker, local or auto.`,
      );
  }
}
