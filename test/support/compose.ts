import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { connectEngine } from "#workspaces/drivers/docker/connect-engine.ts";
import { LABELS } from "#workspaces/drivers/docker/container-spec.ts";
import { freePorts } from "./free-ports.ts";

const CHECKOUT = path.resolve(import.meta.dirname, "../..");
const IMAGES = {
  CARREL_IMAGE: "carrel:test",
  POSTGRES_IMAGE: "carrel-postgres:test",
  WORKSPACE_IMAGE: process.env.WORKSPACE_IMAGE ?? "carrel-workspace:0.1.0",
};

const { PATH = "", HOME = "", DOCKER_HOST, SSL_CERT_FILE } = process.env;
/** What an operator's shell has, and no setting of Carrel's. */
const SHELL = {
  PATH,
  HOME,
  ...(DOCKER_HOST ? { DOCKER_HOST } : {}),
  ...(SSL_CERT_FILE ? { SSL_CERT_FILE } : {}),
};

/** @throws Error with what it said, when it fails */
export async function shell(
  [program = "", ...args]: string[],
  env: Record<string, string> = {},
): Promise<string> {
  const options = {
    cwd: CHECKOUT,
    env: { NODE_ENV: "production", ...SHELL, ...env } as const,
    maxBuffer: 2 ** 26,
  };
  const { stdout } = await promisify(execFile)(program, args, options);
  return stdout.trim();
}

const works = (...command: string[]) =>
  shell(command).then(
    () => true,
    () => false,
  );

/** The plugin, or the program of its own. */
async function composeCommand(): Promise<string[] | null> {
  if (await works("docker", "compose", "version")) return ["docker", "compose"];
  return (await works("docker-compose", "version")) ? ["docker-compose"] : null;
}

/** Why the product cannot be brought up in containers here; null: it can. */
export async function whyNoCompose(): Promise<string | null> {
  if (!(await works("docker", "version"))) return "no container engine answers";
  if ((await composeCommand()) === null) return "there is no docker compose";
  if (!(await works("docker", "image", "inspect", IMAGES.WORKSPACE_IMAGE)))
    return `the engine has no image ${IMAGES.WORKSPACE_IMAGE}: npm run workspace-image makes it`;
  return null;
}

/** The images as they follow from this checkout. Bases and layers that the engine has already are used again. */
export async function buildImages(): Promise<void> {
  await shell(["deploy/build.sh", IMAGES.CARREL_IMAGE], { CARREL_FROM_CHECKOUT: "1" });
  await shell(["deploy/postgres/build.sh", IMAGES.POSTGRES_IMAGE]);
}

export interface ComposedProduct {
  url: string;
  /** `docker compose <args>` on this project */
  compose(...args: string[]): Promise<string>;
  /** runs a command in a service's container, and gives what it says */
  exec(service: string, ...command: string[]): Promise<string>;
  /** a service's container, as the engine describes it */
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect
  inspect(service: string): Promise<any>;
  /** Nothing of it is left, whatever state it is in. */
  remove(): Promise<void>;
}

/** An installation of its own, set up as the README says; nothing is up yet. */
export async function composedProduct(settings: Record<string, string>): Promise<ComposedProduct> {
  const [port] = await freePorts(1);
  const home = await mkdtemp(path.join(tmpdir(), "carrel-compose-"));
  const project = `carrel-test-${randomBytes(4).toString("hex")}`;
  const url = `http://localhost:${port}`;
  const file = path.join(home, "env");
  await writeFile(file, `${await shell(["deploy/new-env.sh", url])}\n`, { mode: 0o600 });
  const own = { ...IMAGES, PORT: String(port), CARREL_HOME: home, ...socket(), ...settings };
  await appendFile(
    file,
    Object.entries(own)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
  const command = (await composeCommand()) ?? [];
  const compose = (...args: string[]) =>
    shell([...command, "--project-name", project, "--env-file", file, ...args]);
  const engine = connectEngine(DOCKER_HOST);
  const idOf = async (service: string) => {
    const label = [`com.docker.compose.project=${project}`, `com.docker.compose.service=${service}`];
    const [found] = await engine.listContainers({ all: true, filters: { label } });
    if (!found) throw new Error(`there is no container of ${service}`);
    return found.Id;
  };
  return {
    url,
    compose,
    exec: async (service, ...words) => shell(["docker", "exec", await idOf(service), ...words]),
    inspect: async (service) => engine.getContainer(await idOf(service)).inspect(),
    async remove() {
      // The runner first: what it finds missing it would make again.
      await compose("down", "--volumes", "--remove-orphans", "--timeout", "10");
      const label = `label=${LABELS.home}=${home}`;
      const containers = await shell(["docker", "ps", "--all", "--quiet", "--filter", label]);
      if (containers) await shell(["docker", "rm", "--force", ...containers.split("\n")]);
      const volumes = await shell(["docker", "volume", "ls", "--quiet", "--filter", label]);
      if (volumes) await shell(["docker", "volume", "rm", ...volumes.split("\n")]);
      await rm(home, { recursive: true, force: true });
    },
  };
}

function socket(): Record<string, string> {
  const own = /^unix:\/\/(\/.+)$/.exec(DOCKER_HOST ?? "")?.[1];
  return own ? { DOCKER_SOCKET: own } : {};
}
