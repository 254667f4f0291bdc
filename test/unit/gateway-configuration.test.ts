import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { listModels } from "#gateway/http/models.ts";
import { openProviders } from "#gateway/open-providers.ts";
import { resolveModel } from "#gateway/routing.ts";
import { GatewayEnv, readEnv } from "#platform/env.ts";

const REQUIRED = {
  DATABASE_URL: "postgresql://carrel@127.0.0.1/carrel",
  CARREL_RUN_TOKEN_SECRET: "a secret for run tokens in tests only",
};

async function open(given: Record<string, string>, files: Record<string, string> = {}) {
  const directory = await mkdtemp(path.join(tmpdir(), "carrel-test-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const names = Object.entries(files);
  await Promise.all(names.map(([name, text]) => writeFile(path.join(directory, name), text)));
  const env = Object.fromEntries(Object.entries(given).map(([k, v]) => [k, v.replace("DIR", directory)]));
  const opened = await openProviders(readEnv(GatewayEnv, { ...REQUIRED, ...env }));
  onTestFinished(async () => {
    await Promise.all(opened.providers.map((provider) => provider.close?.()));
  });
  return opened;
}

async function modelsOf(given: Record<string, string>, files?: Record<string, string>): Promise<string[]> {
  return listModels((await open(given, files)).providers).map(({ id, provider }) => `${provider}/${id}`);
}

describe("who is called", () => {
  it("offers the scripted model alone where there is no key", async () => {
    expect(await modelsOf({})).toEqual(["demo/demo"]);
    expect(await modelsOf({ CARREL_MODE: "production" })).toEqual([]);
  });

  it("takes keys from the environment or from files", async () => {
    const models = await modelsOf({ ANTHROPIC_API_KEY_FILE: "DIR/a", OPENAI_API_KEY: "k" }, { a: "key\n" });
    expect(models).toEqual(
      expect.arrayContaining(["anthropic/claude-sonnet-5", "openai/gpt-5", "openai/tts-1"]),
    );
  });

  it("offers the models of one's own server by name, and for nothing", async () => {
    const own = { OPENAI_BASE_URL: "http://127.0.0.1:11434/v1", OPENAI_MODELS: "qwen3, llama4" };
    expect(await modelsOf(own)).toEqual(["openai/qwen3", "openai/llama4", "demo/demo"]);
    const { providers } = await open(own);
    const server = providers.find(({ name }) => name === "openai");
    expect(server?.priceOf("qwen3", new Date())?.rates.output).toBe(0);
    expect(server?.priceOf("gpt-5", new Date())).toBeNull();
  });

  it("reads further servers, their prices and the routing from a file", async () => {
    const model = { id: "qwen3", contextTokens: 32_768, price: { input: 0.1, output: 0.4 } };
    const config = {
      providers: [{ name: "workshop", baseUrl: "http://127.0.0.1:1/v1", models: [model] }],
      roles: { architect: "qwen3" },
      fallbacks: { qwen3: ["demo"] },
    };
    const { providers, routing } = await open(
      { CARREL_GATEWAY_CONFIG: "DIR/c" },
      { c: JSON.stringify(config) },
    );
    const workshop = providers.find(({ name }) => name === "workshop");
    expect(workshop?.offers("qwen3", "messages", false)).toBe(true);
    expect(workshop?.offers("qwen3", "responses", false)).toBe(false);
    expect(workshop?.priceOf("qwen3", new Date())?.rates).toMatchObject({ input: 100_000, output: 400_000 });
    expect(routing.fallbacks).toEqual({ qwen3: ["demo"] });
  });

  it.each([
    ["no JSON", "{", /CARREL_GATEWAY_CONFIG: .* is not JSON/],
    ["an unknown field", '{"provider": []}', /CARREL_GATEWAY_CONFIG/],
    [
      "a wrong price",
      '{"providers":[{"name":"a","baseUrl":"http://a/","models":[{"id":"m","contextTokens":0}]}]}',
      /contextTokens/,
    ],
  ])("says in one line what is wrong with %s", async (_name, text, words) => {
    await expect(open({ CARREL_GATEWAY_CONFIG: "DIR/c" }, { c: text })).rejects.toThrow(words);
  });

  it("says which file cannot be read", async () => {
    await expect(open({ OPENAI_API_KEY_FILE: "DIR/none" })).rejects.toThrow(
      /OPENAI_API_KEY_FILE: .*none cannot be read/,
    );
  });
});

describe("roles", () => {
  const site = { architect: "a", implementer: { low: "l", high: "h" }, default: "d" };

  it("takes the agent's choice before the installation's, and the nearest complexity", () => {
    expect(resolveModel("carrel/architect", {}, site)).toBe("a");
    expect(resolveModel("carrel/architect", { architect: "mine" }, site)).toBe("mine");
    expect(resolveModel("carrel/implementer/low", {}, site)).toBe("l");
    expect(resolveModel("carrel/implementer/medium", {}, site)).toBe("h");
    expect(resolveModel("carrel/reviewer", {}, site)).toBe("d");
    expect(resolveModel("carrel/reviewer", {}, {})).toBeNull();
    expect(resolveModel("claude-sonnet-5", { default: "x" }, site)).toBe("claude-sonnet-5");
  });
});
