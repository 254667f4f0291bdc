import type { Server } from "node:http";
import { fileURLToPath } from "node:url";
import next from "next";
import { createAuthOptions } from "#accounts/auth-options.ts";
import { authorise } from "#accounts/authorise.ts";
import { watchAccess } from "#accounts/live-access.ts";
import { createRateLimits } from "#accounts/rate-limits.ts";
import { sessionCookieOf } from "#accounts/session-cookie.ts";
import { sweepExpired } from "#accounts/sweep-expired.ts";
import { nameOperators } from "#accounts/users.ts";
import type { ApiParts } from "#api/api-parts.ts";
import { checkWebEnv } from "#api/check-web-env.ts";
import { prepareToClose } from "#api/close-server.ts";
import { beginConnecting, finishConnecting, finishSetup } from "#api/connect-github.ts";
import { createApi } from "#api/create-api.ts";
import { createMetrics } from "#api/metrics.ts";
import { missingVariables } from "#api/missing-variables.ts";
import { createModels } from "#api/models.ts";
import { createProbes } from "#api/probes.ts";
import { receiveGitHub } from "#api/receive-webhook.ts";
import { createSealingKey } from "#api/sealing-key.ts";
import { provideServices, type WebServices } from "#api/services.ts";
import { answerLocalSignIn } from "#api/sign-in-locally.ts";
import { createWebServer } from "#api/web-server.ts";
import { createGitHub } from "#github/app.ts";
import { type Database, openDatabase } from "#platform/db.ts";
import { readEnv, WebEnv } from "#platform/env.ts";
import { isAppError } from "#platform/errors.ts";
import { createLogger, type Logger } from "#platform/log.ts";
import { migrate } from "#platform/migrate.ts";
import { endInOneLine, listenAt, sayReady, stopWhenTold } from "#platform/part-process.ts";
import { createEventHub } from "#realtime/event-hub.ts";
import { createSocketServer, type SocketServer } from "#realtime/socket-server.ts";
import { openWorkspaceFeed } from "#realtime/workspace-feed.ts";
import { createRemoteWorkspaces } from "#workspaces/remote.ts";

/** Requests under way may finish for so long; then connections are cut. Milliseconds. */
const GRACE_MS = 3_000;
const SWEEP_MS = 3600_000;

/** The process that faces people: pages, REST, sockets. It holds no right to any container engine and no provider key. */
async function start(): Promise<void> {
  const env = readEnv(WebEnv, process.env);
  checkWebEnv(env);
  const log = createLogger("web", env.LOG_LEVEL);
  await migrate(env.DATABASE_URL);
  const parts = await openParts(env, log);
  const operators = env.CARREL_OPERATORS.split(",").flatMap((email) => email.trim() || []);
  await nameOperators(parts.db, operators);
  provideServices(servicesOf(env, parts, operators));
  const sockets = createSocketServer(parts);
  const server = await createDoor(env, parts, sockets);
  const close = prepareToClose(server, GRACE_MS);
  const sweeper = setInterval(() => {
    sweepExpired(parts.db).catch((error: unknown) => log.warn({ err: error }, "could not sweep the expired"));
  }, SWEEP_MS);

  stopWhenTold(log, async () => {
    clearInterval(sweeper);
    sockets.close();
    await close();
    parts.access.close();
    await parts.hub.close();
    await parts.workspaceFeed.close();
    await parts.db.close();
  });
  await listenAt(server, env.PORT, env.HOST);
  sayReady(log, { address: parts.appUrl.origin });
}

async function openParts(env: WebEnv, log: Logger): Promise<ApiParts> {
  const db = openDatabase(env.DATABASE_URL, { max: 16, application: "carrel-web" });
  db.pool.on("error", (error) => log.warn({ err: error }, "an idle database connection was lost"));
  const appUrl = new URL(env.NEXTAUTH_URL);
  return {
    db,
    mode: env.CARREL_MODE,
    appUrl,
    cookie: sessionCookieOf(appUrl.href),
    rateLimits: createRateLimits({ api: env.CARREL_RATE_API, signIn: env.CARREL_RATE_SIGNIN }),
    access: watchAccess(db, log),
    hub: await createEventHub(db, env.DATABASE_URL, log),
    workspaceFeed: await openWorkspaceFeed(db, env.DATABASE_URL, log),
    workspaces: createRemoteWorkspaces({ db, secret: env.CARREL_RUNNER_SECRET }),
    models: createModels(env.GATEWAY_URL, log),
    sealingKey: createSealingKey(env.GATEWAY_URL, log),
    missing: missingVariables(env),
    github: openGitHub(env, db, log),
    log,
  };
}

function openGitHub(env: WebEnv, db: Database, log: Logger) {
  return createGitHub({
    db,
    log,
    apiUrl: env.GITHUB_API_URL,
    webUrl: env.GITHUB_URL,
    variables: env,
    keySecret: env.CARREL_GITHUB_KEY_SECRET ?? env.CARREL_RUNNER_SECRET,
  });
}

function servicesOf(env: WebEnv, parts: ApiParts, operators: string[]): WebServices {
  const { db, mode, cookie, appUrl, log } = parts;
  const secret = env.NEXTAUTH_SECRET;
  return {
    db,
    mode,
    log,
    api: createApi(parts),
    authOptions: createAuthOptions({ db, secret, appUrl: appUrl.href, log, providers: [], operators }),
    connectGitHub: (request) => beginConnecting(parts, request),
    finishConnectingGitHub: (request) => finishConnecting(parts, request),
    finishGitHubSetup: (request) => finishSetup(parts, request),
    receiveGitHub: (request) => receiveGitHub(parts, request),
    signInLocally: (request) => answerLocalSignIn(parts, request),
    readIdentity: (headers) =>
      authorise(db, cookie, { cookie: headers.get("cookie") }).catch((error: unknown) => {
        if (isAppError(error)) return null;
        throw error;
      }),
  };
}

async function createDoor(env: WebEnv, parts: ApiParts, sockets: SocketServer): Promise<Server> {
  const { db, mode, appUrl, hub, rateLimits, log } = parts;
  const dev = process.argv.includes("--dev");
  const dir = fileURLToPath(new URL("..", import.meta.url));
  const app = next({ dev, dir, hostname: env.HOST, port: env.PORT });
  await app.prepare();
  const metrics = createMetrics(db, sockets.count);
  return createWebServer({
    guard: { mode, appUrl },
    gitHubOrigin: new URL(env.GITHUB_URL).origin,
    dev,
    sockets,
    metrics,
    probes: createProbes({ db, metrics, checks: { events: () => hub.connected } }),
    pages: app.getRequestHandler(),
    pageUpgrade: dev ? app.getUpgradeHandler() : null,
    limitSignIn: rateLimits.signIn,
    log,
  });
}

start().catch((error: unknown) => endInOneLine("web", "PORT", error));
