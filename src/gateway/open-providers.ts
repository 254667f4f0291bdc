import { readFile } from "node:fs/promises";
import { type GatewayConfiguration, readConfiguration, serverProvider } from "#gateway/configuration.ts";
import type { Provider } from "#gateway/provider.ts";
import { anthropicProvider } from "#gateway/providers/anthropic/anthropic.ts";
import { demoProvider } from "#gateway/providers/demo/demo-provider.ts";
import { openaiProvider } from "#gateway/providers/openai/openai.ts";
import { NO_ROUTING, type Routing } from "#gateway/routing.ts";
import { type Price, pricedModels, priceOf } from "#ledger/prices.ts";
import type { GatewayEnv } from "#platform/env.ts";
import { AppError } from "#platform/errors.ts";

/** OpenAI's own address; at any other, models that its price book does not know may be offered by name. */
const OPENAI = "https://api.openai.com/v1";

/**
 * Every party that this installation can call, from its environment and files.
 * @throws AppError bad_request in one line, when a file is missing or wrong
 */
export async function openProviders(env: GatewayEnv): Promise<{ providers: Provider[]; routing: Routing }> {
  const configuration = await configured(env.CARREL_GATEWAY_CONFIG);
  const servers = await Promise.all(
    (configuration?.providers ?? []).map(async (server) => {
      const key = server.apiKeyFile && (await keyFrom(server.apiKeyFile, `${server.name}: apiKeyFile`));
      return serverProvider(server, key);
    }),
  );
  const demo = demoProvider({
    offered: env.CARREL_MODE === "embedded" || env.CARREL_DEMO_MODEL === true,
    delayMs: env.CARREL_DEMO_DELAY_MS,
  });
  const { roles, fallbacks } = configuration ?? NO_ROUTING;
  return {
    providers: [await openAnthropic(env), await openOpenai(env), ...servers, demo],
    routing: { roles, fallbacks },
  };
}

async function openAnthropic(env: GatewayEnv): Promise<Provider> {
  const file = env.ANTHROPIC_API_KEY_FILE;
  const apiKey = file ? await keyFrom(file, "ANTHROPIC_API_KEY_FILE") : env.ANTHROPIC_API_KEY;
  return anthropicProvider({ apiKey, baseUrl: env.ANTHROPIC_BASE_URL });
}

async function openOpenai(env: GatewayEnv): Promise<Provider> {
  const file = env.OPENAI_API_KEY_FILE;
  const apiKey = file ? await keyFrom(file, "OPENAI_API_KEY_FILE") : env.OPENAI_API_KEY;
  const baseUrl = env.OPENAI_BASE_URL;
  const local = new Map(env.OPENAI_MODELS.map((model) => [model, freePrice(model)]));
  const usable = apiKey !== undefined || baseUrl !== OPENAI;
  return openaiProvider({
    name: "openai",
    baseUrl,
    apiKey,
    models: () => (usable ? [...(apiKey ? pricedModels("openai", new Date()) : []), ...local.keys()] : []),
    priceOf(model, at) {
      if (!usable) return null;
      const listed = apiKey ? priceOf(model, at) : null;
      return listed?.provider === "openai" ? listed : (local.get(model) ?? null);
    },
    wires: ["chat", "responses", "speech"],
  });
}

/** A model on one's own machine: it costs nothing, and how long its context is only it knows. */
function freePrice(model: string): Price {
  const rates = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
  const size = { contextTokens: 50_000_000, outputTokens: 32_000 };
  return { provider: "openai", model, from: "2026-01-01", ...size, rates };
}

async function configured(file: string | undefined): Promise<GatewayConfiguration | null> {
  if (file === undefined) return null;
  return readConfiguration(await read(file, "CARREL_GATEWAY_CONFIG"), file);
}

async function keyFrom(file: string, setting: string): Promise<string> {
  return (await read(file, setting)).trim();
}

async function read(file: string, setting: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new AppError("bad_request", `${setting}: ${file} cannot be read.`, { cause: error });
  }
}
