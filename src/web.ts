import type { Server } from "node:http";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import next from "next";
import { createAuthOptions } from "#accounts/auth-options.ts";
import { authorise } from "#accounts/authorise.ts";
import { watchAccess } from "#accounts/live-access.ts";
import { createRateLimits } from "#accounts/rate-limits.ts";
import { sessionCookieOf } from "#accounts/session-cookie.ts";
import { sweepExpired } from "#accounts/sweep-expired.ts";
import { checkWebEnv } from "#api/check-web-env.ts";
import { createApi } from "#api/create-api.ts";
import { createMetrics } from "#api/metrics.ts";
import { missingVariables } from "#api/missing-variables.ts";
import { createModels } from "#api/models.ts";
import { createProbes } from "#api/probes.ts";
import { provideServices } from "#api/services.ts";
import { answerLocalSignIn } from "#api/sign-in-locally.ts";
import { createWebServer } from "#api/web-server.ts";
import { openDatabase } from "#platform/db.ts";
import { readEnv, WebEnv } from "#platform/env.ts";
import { isAppError } from "#platform/errors.ts";
import { createLogger } from "#platform/log.ts";
import { migrate } from "#platform/migrate.ts";
import { createEventHub } from "#realtime/event-hub.ts";
import { createSocketServer } from "#realtime/socket-server.ts";
import { createRemoteWorkspaces } from "#workspaces/remote.ts";

/** Requests under way may finish for so long; then connections are cut. Milliseconds. */
const GRACE_MS = 3_000;
/** Whatever hangs then is left behind: no state that matters lives here. */
const STOP_WITHIN_MS = 8_000;
const SWEEP_MS = 3600_000;

/** The process that faces people: pages, REST, sockets. It holds no right to any container engine and no provider key. */
async function start(): Promise<void> {
  const env = readEnv(WebEnv, process.env);
  checkWebEnv(env);
  const dev = process.argv.includes("--dev");
  const mode = env.CARREL_MODE;
  const appUrl = new URL(env.NEXTAUTH_URL);
  const log = createLogger("web", env.LOG_LEVEL);
  await migrate(env.DATABASE_URL);
  const db = openDatabase(env.DATABASE_URL, { max: 16, application: "carrel-web" });
  db.pool.on("error", (error) => log.warn({ err: error }, "an idle database connection was lost"));

  const hub = await createEventHub(db, env.DATABASE_URL, log);
  const access = watchAccess(db, log);
  const cookie = sessionCookieOf(appUrl.href);
  const rateLimits = createRateLimits({ api: env.CARREL_RATE_API, signIn: env.CARREL_RATE_SIGNIN });
  const workspaces = createRemoteWorkspaces({ db, secret: env.CARREL_RUNNER_SECRET });
  const models = createModels(env.GATEWAY_URL, log);
  const sockets = createSocketServer({ db, hub, access, cookie, rateLimits, log });
  const missing = missingVariables(env);
  const parts = { db, mode, appUrl, cookie, rateLimits, access, hub, workspaces, models, missing, log };
  provideServices({
    db,
    mode,
    log,
    api: createApi(parts),
    authOptions: createAuthOptions({
      db,
      secret: env.NEXTAUTH_SECRET,
      appUrl: appUrl.href,
      log,
      providers: [],
    }),
    signInLocally: (request) => answerLocalSignIn(parts, request),
    readIdentity: (headers) =>
      authorise(db, cookie, { cookie: headers.get("cookie") }).catch((error: unknown) => {
        if (isAppError(error)) return null;
        throw error;
      }),
  });

  const app = next({
    dev,
    dir: fileURLToPath(new URL("..", import.meta.url)),
    hostname: env.HOST,
    port: env.PORT,
  });
  await app.prepare();
  const metrics = createMetrics(db, sockets.count);
  const server = createWebServer({
    guard: { mode, appUrl },
    dev,
    sockets,
    metrics,
    probes: createProbes({ db, metrics, checks: { events: () => hub.connected } }),
    pages: app.getRequestHandler(),
    pageUpgrade: dev ? app.getUpgradeHandler() : null,
    limitSignIn: rateLimits.signIn,
    log,
  });
  const connections = track(server);
  const sweeper = setInterval(() => {
    sweepExpired(db).catch((error: unknown) => log.warn({ err: error }, "could not sweep what has expired"));
  }, SWEEP_MS);

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    log.info("stopping");
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    clearInterval(sweeper);
    const closed = new Promise((resolve) => server.close(resolve));
    sockets.close();
    server.closeIdleConnections();
    // Streams and upgraded sockets never end by themselves.
    setTimeout(() => connections.forEach((socket) => void socket.destroy()), GRACE_MS).unref();
    await closed;
    access.close();
    await hub.close();
    await db.close();
    process.exit(0);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  // The parent that started all parts has died: nobody would stop this one.
  process.on("disconnect", stop);

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(env.PORT, env.HOST, resolve);
  });
  process.send?.({ ready: true, address: appUrl.origin });
  log.info({ address: appUrl.origin }, "ready");
}

function track(server: Server): Set<Socket> {
  const connections = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  return connections;
}

function inOneLine(error: unknown): string {
  if (isAppError(error)) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE") return `PORT is in use: ${message}. Stop what listens there or choose another.`;
  return message ?? String(error);
}

start().catch((error: unknown) => {
  process.stderr.write(`web: ${inOneLine(error)}\n`);
  process.exit(1);
});
