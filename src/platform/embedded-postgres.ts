import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readFile, realpath, rm, stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findBinaries } from "#platform/embedded-postgres/find-binaries.ts";
import { initialise, POSTGRES_ENV } from "#platform/embedded-postgres/initialise.ts";
import { endLeftover, endServer } from "#platform/embedded-postgres/leftover.ts";
import { locatePlace, type Place, preparePlace } from "#platform/embedded-postgres/place.ts";
import { createLauncher, type Launcher } from "#platform/embedded-postgres/unprivileged.ts";
import { AppError } from "#platform/errors.ts";

export interface EmbeddedPostgres {
  /** for Carrel's own role, which owns the database `carrel` and may create others */
  url: string;
  pid: number;
  /** settles when the server ends, whoever ended it */
  exited: Promise<void>;
  stop(): Promise<void>;
}

interface Options {
  /** CARREL_HOME; data goes to `postgres/` and the log to `logs/postgres.log` below it */
  home: string;
  /** of Carrel's role; fixed when the data is made */
  password: string;
  /** further settings of the server, e.g. `{ fsync: "off" }` for tests */
  settings?: Record<string, string>;
}

const START_TIMEOUT_MS = 60_000;

/** Reached by a private unix socket only; the port is but a part of the socket's name. */
const SETTINGS = {
  listen_addresses: "",
  port: "5432",
  unix_socket_permissions: "0700",
  max_connections: "200",
  log_line_prefix: "%m [%p] ",
  log_timezone: "UTC",
  timezone: "UTC",
};

/**
 * Starts PostgreSQL on `home`, making its data at the first start and ending a server that was left behind. The caller
 * holds the lock on `home`: two servers on one directory are refused by PostgreSQL, but a leftover is ended here.
 *
 * @throws AppError unavailable or conflict, one line that says what to mend
 */
export async function startEmbeddedPostgres(options: Options): Promise<EmbeddedPostgres> {
  await mkdir(path.join(options.home, "logs"), { recursive: true });
  const home = await realpath(options.home);
  const place = await preparePlace(home);
  const launcher = await createLauncher(await findBinaries(), place);
  const durable = options.settings?.fsync !== "off";
  await initialise(place, launcher, { password: options.password, durable });
  await endLeftover(place);
  const server = await launch(place, launcher, path.join(home, "logs/postgres.log"), options.settings ?? {});
  const exited = once(server, "exit").then(() => undefined);
  const pid = server.pid as number;
  return {
    url: embeddedUrl(place.socket, options.password),
    pid,
    exited,
    async stop() {
      if (server.exitCode !== null || server.signalCode !== null) return;
      await endServer(pid);
      await exited;
      // A socket that had to be made outside `home` leaves nothing there.
      if (!place.socket.startsWith(home)) await rm(place.socket, { recursive: true, force: true });
    },
  };
}

/** The address of a server that is already running on `home`. */
export async function embeddedPostgresUrl(home: string, password: string): Promise<string> {
  return embeddedUrl(locatePlace(await realpath(home)).socket, password);
}

function embeddedUrl(socket: string, password: string): string {
  return `postgresql://carrel:${encodeURIComponent(password)}@localhost/carrel?host=${encodeURIComponent(socket)}`;
}

async function launch(
  place: Place,
  launcher: Launcher,
  logFile: string,
  settings: Record<string, string>,
): Promise<ChildProcess> {
  const log = await open(logFile, "a", 0o600);
  const begin = (await log.stat()).size;
  const all = {
    cluster_name: place.clusterName,
    ...SETTINGS,
    unix_socket_directories: launcher.socket,
    ...settings,
  };
  const { file, args } = launcher.command("postgres", [
    "-D",
    `${launcher.root}/data`,
    ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ]);
  // Detached: a Ctrl-C in the terminal is for us, who end the parts in their order.
  const server = spawn(file, args, { env: POSTGRES_ENV, stdio: ["ignore", log.fd, log.fd], detached: true });
  try {
    await untilReady(server, place);
    return server;
  } catch (error) {
    server.kill("SIGQUIT");
    throw new AppError(
      "unavailable",
      `PostgreSQL did not start: ${await reasonSince(logFile, begin)} (${logFile})`,
      {
        cause: error,
      },
    );
  } finally {
    await log.close();
  }
}

async function untilReady(server: ChildProcess, place: Place): Promise<void> {
  const ended = once(server, "exit").then(([code]) => {
    throw new Error(`exit code ${code}`);
  });
  await Promise.race([ended, once(server, "spawn").then(() => untilStatusIsReady(server, place))]);
}

/** As pg_ctl does it: the eighth line of the lock file says when connections are accepted. */
async function untilStatusIsReady(server: ChildProcess, place: Place): Promise<void> {
  const pidFile = path.join(place.data, "postmaster.pid");
  const end = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < end && server.exitCode === null && server.signalCode === null) {
    const lines = (await readFile(pidFile, "utf8").catch(() => "")).split("\n");
    if (Number(lines[0]) === server.pid && lines[7]?.trim() === "ready") return;
    await sleep(10);
  }
  throw new Error("not ready in time");
}

async function reasonSince(logFile: string, begin: number): Promise<string> {
  const { size } = await stat(logFile);
  const lines = (await readFile(logFile)).subarray(Math.min(begin, size)).toString("utf8").trim().split("\n");
  const telling =
    lines.find((line) => /FATAL|PANIC|could not|cannot|denied|not permitted/.test(line)) ?? lines.at(-1);
  return telling?.replace(/^\S+ \S+ \S+ \[\d+\] /, "") || "no reason given";
}
