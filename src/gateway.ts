import { anthropicProvider } from "#gateway/providers/anthropic/anthropic.ts";
import { demoProvider } from "#gateway/providers/demo/demo-provider.ts";
import { createGateway } from "#gateway/serve.ts";
import { openDatabase } from "#platform/db.ts";
import { GatewayEnv, readEnv } from "#platform/env.ts";
import { createLogger } from "#platform/log.ts";
import { migrate } from "#platform/migrate.ts";
import { endInOneLine, listenAt, sayReady, stopWhenTold } from "#platform/part-process.ts";

/** The only process that holds provider keys, and the only one that decides about money. */
async function start(): Promise<void> {
  const env = readEnv(GatewayEnv, process.env);
  const log = createLogger("gateway", env.LOG_LEVEL);
  await migrate(env.DATABASE_URL);
  const db = openDatabase(env.DATABASE_URL, { max: 16, application: "carrel-gateway" });
  db.pool.on("error", (error) => log.warn({ err: error }, "an idle database connection was lost"));

  const anthropic = anthropicProvider({ apiKey: env.ANTHROPIC_API_KEY, baseUrl: env.ANTHROPIC_BASE_URL });
  const demo = demoProvider({
    offered: env.CARREL_MODE === "embedded" || env.CARREL_DEMO_MODEL === true,
    delayMs: env.CARREL_DEMO_DELAY_MS,
  });
  const gateway = createGateway({
    db,
    runTokenSecret: env.CARREL_RUN_TOKEN_SECRET,
    providers: [anthropic, demo],
    ratePerMinute: env.CARREL_RATE_MODELS,
    log,
  });
  await gateway.sweep();
  const address = await listenAt(gateway.server, env.GATEWAY_PORT, env.GATEWAY_HOST);
  stopWhenTold(log, async () => {
    await gateway.close();
    await anthropic.close();
    await db.close();
  });
  sayReady(log, { address });
}

start().catch((error: unknown) => endInOneLine("gateway", "GATEWAY_PORT", error));
