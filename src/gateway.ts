import type { AddressInfo } from "node:net";
import { openProviders } from "#gateway/open-providers.ts";
import { openSealing } from "#gateway/own-keys.ts";
import { createGateway } from "#gateway/serve.ts";
import { DATABASE_TIMEOUT_MS } from "#gateway/tunables.ts";
import { openDatabase, POINT_LOOKUPS } from "#platform/db.ts";
import { GatewayEnv, readEnv } from "#platform/env.ts";
import { isAppError } from "#platform/errors.ts";
import { createLogger } from "#platform/log.ts";
import { migrate } from "#platform/migrate.ts";

/** Whatever hangs then is left to the next gateway, which finds everything in the database. */
const STOP_WITHIN_MS = 8_000;

/** The only process that holds provider keys, and the only one that decides about money. */
async function start(): Promise<void> {
  const env = readEnv(GatewayEnv, process.env);
  const log = createLogger("gateway", env.LOG_LEVEL);
  await migrate(env.DATABASE_URL);
  const db = openDatabase(env.DATABASE_URL, {
    max: 16,
    application: "carrel-gateway",
    settings: POINT_LOOKUPS,
    connectTimeoutMs: DATABASE_TIMEOUT_MS,
  });
  db.pool.on("error", (error) => log.warn({ err: error }, "an idle database connection was lost"));

  const { providers, routing } = await openProviders(env);
  const gateway = createGateway({
    db,
    sealing: await openSealing(env.CARREL_KEY_SECRET ?? env.CARREL_RUN_TOKEN_SECRET),
    runTokenSecret: env.CARREL_RUN_TOKEN_SECRET,
    providers,
    routing,
    ratePerMinute: env.CARREL_RATE_MODELS,
    log,
  });
  await gateway.sweep();
  const address = await listen(gateway.server, env.GATEWAY_PORT, env.GATEWAY_HOST);

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    log.info("stopping");
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    await gateway.close();
    await Promise.all(providers.map((provider) => provider.close?.()));
    await db.close();
    process.exit(0);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  // The parent that started all parts has died: nobody would stop this one.
  process.on("disconnect", stop);

  process.send?.({ ready: true, address });
  log.info({ address }, "ready");
}

/** @throws the server's error, in words when the port is taken */
async function listen(
  server: ReturnType<typeof createGateway>["server"],
  port: number,
  host: string,
): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const { address, family, port: taken } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${taken}`;
}

function inOneLine(error: unknown): string {
  if (isAppError(error)) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE")
    return `GATEWAY_PORT is in use: ${message}. Stop what listens there or choose another.`;
  return message ?? String(error);
}

start().catch((error: unknown) => {
  process.stderr.write(`gateway: ${inOneLine(error)}\n`);
  process.exit(1);
});
