import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import path from "node:path";
import { engineNamed } from "#engines/registry.ts";
import { createGitHub, type GitHub } from "#github/app.ts";
import { openGitDirectory } from "#github/git-directory.ts";
import { handleDelivery } from "#github/handle-delivery.ts";
import { startPublisher } from "#github/publisher.ts";
import { INBOX_CHANNEL } from "#github/receive-delivery.ts";
import { repositorySource } from "#github/repository-source.ts";
import { sweepUploads } from "#imports/discard-upload.ts";
import { startImporter } from "#imports/importer.ts";
import { takeBack } from "#imports/take-back.ts";
import { ASIDE } from "#imports/upload-place.ts";
import { uploadSource } from "#imports/upload-source.ts";
import { type Database, openDatabase } from "#platform/db.ts";
import { type RunnerEnv as Env, RunnerEnv, readEnv } from "#platform/env.ts";
import { AppError } from "#platform/errors.ts";
import { newId } from "#platform/ids.ts";
import { createLogger, type Logger } from "#platform/log.ts";
import { migrate } from "#platform/migrate.ts";
import { endInOneLine, listenAt, sayReady, stopWhenTold } from "#platform/part-process.ts";
import { startInboxWorker } from "#runs/inbox-worker.ts";
import { startRepairWorker } from "#runs/repair-worker.ts";
import { startRunWorker } from "#runs/run-worker.ts";
import { announceWork } from "#runs/work-channel.ts";
import { createDrivers } from "#workspaces/create-drivers.ts";
import type { HostReport } from "#workspaces/driver.ts";
import { openEgress } from "#workspaces/egress.ts";
import { openEnvironments } from "#workspaces/environments.ts";
import { Workspaces } from "#workspaces/manager.ts";
import { serveWorkspaces } from "#workspaces/serve.ts";

const MiB = 1024 * 1024;

/** The process that holds workspaces and executes runs. It faces nobody but web. */
async function start(): Promise<void> {
  const env = readEnv(RunnerEnv, process.env);
  checkDriver(env);
  const log = createLogger("runner", env.LOG_LEVEL);
  await migrate(env.DATABASE_URL);
  const db = openDatabase(env.DATABASE_URL, { max: 16, application: "carrel-runner" });
  db.pool.on("error", (error) => log.warn({ err: error }, "an idle database connection was lost"));

  // A new one in each life: what an earlier life held has to lapse or be taken.
  const runnerId = newId();
  const server = createServer();
  const listening = await listenAt(server, env.RUNNER_PORT, env.RUNNER_HOST);
  const address = env.RUNNER_URL ?? listening;
  const drivers = createDrivers(env.WORKSPACE_DRIVER, {
    home: env.CARREL_HOME,
    dockerHost: env.DOCKER_HOST,
    image: env.WORKSPACE_IMAGE,
    runtime: env.WORKSPACE_RUNTIME,
    log,
  });
  const egress = openEgress({
    db,
    log,
    settings: {
      allow: env.EGRESS_ALLOW,
      userAllow: env.EGRESS_USER_ALLOW,
      allowPrivate: env.EGRESS_ALLOW_PRIVATE,
    },
    gatewayUrl: env.GATEWAY_URL,
    home: env.CARREL_HOME,
    environment: process.env,
  });
  const workspaces = new Workspaces({
    db,
    drivers,
    runnerId,
    address,
    log,
    egress,
    environments: await openEnvironments(db, env.CARREL_ENV_SECRET ?? env.CARREL_RUN_TOKEN_SECRET),
    home: env.CARREL_HOME,
    maxWorkspaces: env.MAX_WORKSPACES,
    floor: { memoryBytes: env.WORKSPACE_MIN_MEMORY * MiB, diskBytes: env.WORKSPACE_MIN_DISK * MiB },
    rest: {
      pauseAfterMs: env.WORKSPACE_PAUSE_AFTER * 60_000,
      stopAfterMs: env.WORKSPACE_STOP_AFTER * 60_000,
    },
  });
  const serve = serveWorkspaces({ workspaces, egress, secret: env.CARREL_RUNNER_SECRET, log });
  server.on("request", async (request: IncomingMessage, response: ServerResponse) => {
    if (!(await serve(request, response))) await probe(db, request, response);
  });
  const host = await workspaces.begin();
  const worker = await startRunWorker({
    db,
    databaseUrl: env.DATABASE_URL,
    runnerId,
    maxRuns: env.MAX_RUNS,
    log,
    engineNamed,
    openWorkspace: (userId) => workspaces.open(userId),
    places: workspaces,
    gatewayUrl: env.GATEWAY_URL,
    runTokenSecret: env.CARREL_RUN_TOKEN_SECRET,
  });
  const github = openGitHub(env, db, log);
  const inbox = await startInbox(env, db, github, log);
  const gitDirectory = await openGitDirectory(path.join(env.CARREL_HOME, "publishing"), runnerId);
  const git = { directory: gitDirectory.path, env: surroundings(process.env) };
  const publisher = await startPublisher({
    db,
    databaseUrl: env.DATABASE_URL,
    github,
    git,
    log,
  });
  const repairs = startRepairWorker({ db, log });
  const importer = await startImporter({
    db,
    databaseUrl: env.DATABASE_URL,
    runnerId,
    sources: {
      repository: repositorySource({ db, github, git }),
      upload: uploadSource({ db, openWorkspace: (userId) => workspaces.open(userId) }),
    },
    log,
    isEmpty: async (userId, agentId) =>
      (await (await workspaces.open(userId)).agent(agentId).list("", { skip: [ASIDE] })).length === 0,
    restore: (userId, agentId, treeHash) => workspaces.restore(userId, agentId, treeHash),
    takeBack: async (userId, agentId, treeHash) =>
      takeBack(db, userId, treeHash, (await workspaces.open(userId)).agent(agentId)),
    sweep: async (userId, agentId) =>
      sweepUploads((await workspaces.open(userId)).agent(agentId), Number.POSITIVE_INFINITY),
    onDone: () => announceWork(db.pool, { kind: "claim" }),
  });

  stopWhenTold(log, async () => {
    server.close();
    await inbox.stop();
    await publisher.stop();
    await repairs.stop();
    await importer.stop();
    await gitDirectory.close();
    await worker.stop();
    await workspaces.close({ stop: env.CARREL_STOP_WORKSPACES });
    await egress.close();
    // Runs and workspaces are free now: other runners need not wait for their next look.
    await announceWork(db.pool, { kind: "claim" });
    server.closeAllConnections();
    await db.close();
  });
  sayReady(log, { address, note: noteOf(host) }, { runnerId, host });
  // Afterwards: npm and pip take a second to answer, and whoever started all this reads warnings from now on.
  for (const line of await egress.missing()) log.warn(line);
}

/** What git needs of the machine: nothing of this process's own settings, and no secret. */
function surroundings(environment: Record<string, string | undefined>): Record<string, string> {
  const names = [
    "PATH",
    "TMPDIR",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "HTTPS_PROXY",
    "https_proxy",
    "NO_PROXY",
    "no_proxy",
  ];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name];
      return value ? [[name, value]] : [];
    }),
  );
}

function openGitHub(env: Env, db: Database, log: Logger): GitHub {
  return createGitHub({
    db,
    log,
    apiUrl: env.GITHUB_API_URL,
    webUrl: env.GITHUB_URL,
    variables: env,
    keySecret: env.CARREL_GITHUB_KEY_SECRET ?? env.CARREL_RUNNER_SECRET,
  });
}

function startInbox(env: Env, db: Database, github: GitHub, log: Logger) {
  return startInboxWorker({
    db,
    databaseUrl: env.DATABASE_URL,
    channel: INBOX_CHANNEL,
    log,
    handlers: {
      github: ({ type, payload, receivedAt }) =>
        handleDelivery({ db, github, log, receivedAt }, type, payload),
    },
  });
}

/** Namespaces on the runner's own machine are for one's own desk; who serves others with them must say so. */
function checkDriver(env: Env): void {
  if (env.CARREL_MODE !== "production" || env.WORKSPACE_DRIVER !== "auto") return;
  throw new AppError(
    "bad_request",
    "WORKSPACE_DRIVER is not set: in production it must name the driver (docker, kubernetes, or local).",
  );
}

async function probe(db: Database, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const send = (status: number, text: string) =>
    response.writeHead(status, { "content-type": "text/plain" }).end(`${text}\n`);
  if (request.url === "/healthz") return void send(200, "ok");
  if (request.url !== "/readyz") return void send(404, "There is nothing here.");
  await db.pool.query("SELECT 1").then(
    () => send(200, "ok"),
    () => send(503, "The database does not answer."),
  );
}

function noteOf(host: HostReport): string {
  const workspaces = `workspaces: ${host.driver} (${host.sandbox})`;
  if (host.notEnforced.length === 0) return workspaces;
  // A line of its own below the part's line, under the same column.
  return `${workspaces}\n${" ".repeat(10)}not enforced here: ${host.notEnforced.join("; ")}`;
}

start().catch((error: unknown) => endInOneLine("runner", "RUNNER_PORT", error));
