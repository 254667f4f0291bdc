import { openProviders } from "#gateway/open-providers.ts";
import { openSealing } from "#gateway/own-keys.ts";
import { createGateway } from "#gateway/serve.ts";
import { DATABASE_TIMEOUT_MS } from "#gateway/tunables.ts";
import { RECALL_CHANNEL } from "#ledger/holds.ts";
import { openDatabase, POINT_LOOKUPS } from "#platform/db.ts";
import { GatewayEnv, readEnv } from "#platform/env.ts";
import { listenOn } from "#platform/listen.ts";
import { createLogger } from "#platform/log.ts";
import { migrate } from "#platform/migrate.ts";
import { endInOneLine, listenAt, sayReady, stopWhenTold } from "#platform/part-process.ts";

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
  const recalls = await listenOn(env.DATABASE_URL, RECALL_CHANNEL, {
    notification: (scope) => gateway.recall(scope),
    // What was not heard meanwhile is given back by itself soon enough.
    connected: () => undefined,
    log,
  });
  await gateway.sweep();
  const address = await listenAt(gateway.server, env.GATEWAY_PORT, env.GATEWAY_HOST);
  stopWhenTold(log, async () => {
    await gateway.close();
    await recalls.close();
    await Promise.all(providers.map((provider) => provider.close?.()));
    await db.close();
  });
  sayReady(log, { address });
}

start().catch((error: unknown) => endInOneLine("gateway", "GATEWAY_PORT", error));
