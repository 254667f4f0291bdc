import { z } from "zod";
import type { Provider } from "#gateway/provider.ts";
import { openaiProvider } from "#gateway/providers/openai/openai.ts";
import { Routing } from "#gateway/routing.ts";
import type { Price } from "#ledger/prices.ts";
import { AppError } from "#platform/errors.ts";

/** Dollars per million tokens, as price lists print them. */
const usd = z.number().min(0).max(10_000);

const Model = z.strictObject({
  id: z.string().min(1).max(200),
  contextTokens: z.int().min(1).max(50_000_000),
  outputTokens: z.int().min(1).max(1_000_000).default(32_000),
  /** default: it costs nothing, as a model on one's own machine does */
  price: z
    .strictObject({ input: usd, output: usd, cacheRead: usd.optional(), cacheWrite: usd.optional() })
    .default({ input: 0, output: 0 }),
  /** first day of this price, UTC, yyyy-mm-dd */
  from: z.iso.date().default("2026-01-01"),
});

const Server = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "a short name in lower case"),
  /** with its version, e.g. http://127.0.0.1:11434/v1 */
  baseUrl: z.url(),
  /** a file that holds the key alone; absent: the server wants none */
  apiKeyFile: z.string().optional(),
  wires: z
    .array(z.enum(["chat", "responses"]))
    .min(1)
    .default(["chat"]),
  models: z.array(Model).min(1),
});
type Server = z.infer<typeof Server>;

/** What the file that CARREL_GATEWAY_CONFIG names may hold: further servers on OpenAI's wires, and who plays what. */
export const GatewayConfiguration = Routing.extend({ providers: z.array(Server).default([]) });
export type GatewayConfiguration = z.infer<typeof GatewayConfiguration>;

/** @throws AppError bad_request, in one line that says where and what is wrong */
export function readConfiguration(text: string, file: string): GatewayConfiguration {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new AppError("bad_request", `CARREL_GATEWAY_CONFIG: ${file} is not JSON.`, { cause: error });
  }
  const parsed = GatewayConfiguration.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError(
    "bad_request",
    `CARREL_GATEWAY_CONFIG: ${file}: ${issue?.path.join(".")}: ${issue?.message}`,
  );
}

/** A configured server as a provider. */
export function serverProvider(
  server: Server,
  apiKey: string | undefined,
): Provider & { close(): Promise<void> } {
  const prices = new Map(server.models.map((model) => [model.id, priceFor(server.name, model)]));
  return openaiProvider({
    name: server.name,
    baseUrl: server.baseUrl,
    apiKey,
    models: () => [...prices.keys()],
    priceOf: (model, at) => {
      const price = prices.get(model);
      return price && price.from <= at.toISOString().slice(0, 10) ? price : null;
    },
    wires: server.wires,
  });
}

function priceFor(provider: string, model: z.infer<typeof Model>): Price {
  const { input, output, cacheRead = input, cacheWrite = input } = model.price;
  const micro = (dollars: number) => Math.round(dollars * 1_000_000);
  return {
    provider,
    model: model.id,
    from: model.from,
    contextTokens: model.contextTokens,
    outputTokens: model.outputTokens,
    rates: {
      input: micro(input),
      output: micro(output),
      cacheRead: micro(cacheRead),
      cacheWrite5m: micro(cacheWrite),
      cacheWrite1h: micro(cacheWrite),
    },
  };
}
