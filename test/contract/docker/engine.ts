import { buffer } from "node:stream/consumers";
import { isAppError } from "#platform/errors.ts";
import { connectEngine } from "#workspaces/drivers/docker/connect-engine.ts";
import { DockerDriver, type DockerDriverOptions } from "#workspaces/drivers/docker/docker-driver.ts";
import { temporaryHome } from "./temporary-home.ts";

export const IMAGE = process.env.WORKSPACE_IMAGE ?? "carrel-workspace:0.1.0";

/** The engine that DOCKER_HOST names, or this machine's own. */
export function dockerDriver(options: Partial<DockerDriverOptions> & { home: string }): DockerDriver {
  return new DockerDriver({ engine: connectEngine(process.env.DOCKER_HOST), image: IMAGE, ...options });
}

/** The variables of a stack whose workspaces run on that engine. */
export const ENGINE = {
  WORKSPACE_DRIVER: "auto",
  WORKSPACE_IMAGE: IMAGE,
  ...(process.env.DOCKER_HOST ? { DOCKER_HOST: process.env.DOCKER_HOST } : {}),
};

/** As if the engine were on another host: nothing is shared with it but its own interface. */
export const ELSEWHERE = { socketMount: false, boundedDisks: false, hostFigures: false } as const;

/** Why the contract cannot be shown on docker here; null: it can. */
export async function whyNoDocker(): Promise<string | null> {
  const { home, remove } = await temporaryHome();
  try {
    await dockerDriver({ home }).probe();
    return null;
  } catch (error) {
    if (isAppError(error)) return error.message;
    throw error;
  } finally {
    await remove();
  }
}

/** A shell in a workspace's container, as the engine starts it: in no agent's domain. */
export async function outside(userId: string, script: string): Promise<string> {
  const container = connectEngine(process.env.DOCKER_HOST).getContainer(`workspace-${userId}`);
  // Its mode may be what an attack has left; a script that removes things runs there or nowhere.
  const all = `chmod u+rwx /run/carrel && cd /run/carrel || exit 1; export SUPERVISOR=$(pgrep -o node) OWNER=$(id -u) DATA=/workspace; ${script}`;
  const exec = await container.exec({ Cmd: ["/bin/bash", "-c", all], AttachStdout: true, Tty: true });
  const stream = await exec.start({ hijack: true, stdin: false, Tty: true });
  return (await buffer(stream)).toString().replaceAll("\r\n", "\n");
}
