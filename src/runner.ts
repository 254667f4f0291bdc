import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { engineNamed } from "#engines/registry.ts";
import { type Database, openDatabase } from "#platform/db.ts";
import { type RunnerEnv as Env, RunnerEnv, readEnv } from "#platform/env.ts";
import { AppError } from "#platform/errors.ts";
import { newId } from "#platform/ids.ts";
import { createLogger } from "#platform/log.ts";
import { migrate } from "#platform/migrate.ts";
import { endInOneLine, listenAt, sayReady, stopWhenTold } from "#platform/part-process.ts";
import { startRunWorker } from "#runs/run-worker.ts";
import { announceWork } from "#runs/work-channel.ts";
import { createDrivers } from "#workspaces/create-drivers.ts";
import type { HostReport } from "#workspaces/driver.ts";
import { Workspaces } from "#workspaces/manager.ts";
import { takeWorkspace } from "#workspaces/ownership.ts";
import { serveWorkspaces } from "#workspaces/serve.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

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
  });
  const workspaces = new Workspaces({
    db,
    drivers,
    runnerId,
    address,
    log,
    maxWorkspaces: env.MAX_WORKSPACES,
  });
  const serve = serveWorkspaces({ workspaces, secret: env.CARREL_RUNNER_SECRET, log });
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
    takeWorkspace: async (client, userId) =>
      (await takeWorkspace(client, { userId, runnerId, address, leaseMs: TUNABLES.leaseMs })) !== null,
    gatewayUrl: env.GATEWAY_URL,
    runTokenSecret: env.CARREL_RUN_TOKEN_SECRET,
  });

  stopWhenTold(log, async () => {
    server.close();
    await worker.stop();
    await workspaces.close({ stop: env.CARREL_STOP_WORKSPACES });
    // Runs and workspaces are free now: other runners need not wait for their next look.
    await announceWork(db.pool, { kind: "claim" });
    server.closeAllConnections();
    await db.close();
  });
  sayReady(log, { address, note: noteOf(host) }, { runnerId, host });
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
