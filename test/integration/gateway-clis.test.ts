import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it, type TestContext } from "vitest";
import { demoProvider } from "#gateway/providers/demo/demo-provider.ts";
import { type FakeAnthropic, startFakeAnthropic } from "../fakes/anthropic.ts";
import { AGENT_CLIS, type AgentCli, findAgentCli } from "../support/agent-clis.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { makeTenant, type RunningGateway, readMoney, startGateway, type Tenant } from "../support/gateway.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** The agents' own command lines, unchanged, against the gateway: each writes a file that its model asks for. */

let database: TestDatabase;
let fake: FakeAnthropic;
let gateway: RunningGateway;
let tenant: Tenant;
let home: string;
let work: string;

const TASK = "Create a file notes.txt that says 'hello from the agent'.";

beforeAll(async () => {
  database = await freshDatabase();
  fake = await startFakeAnthropic();
  gateway = await startGateway(database.db, fake, {
    providers: [demoProvider({ offered: true, delayMs: 0 })],
  });
});

afterAll(async () => {
  await gateway.close();
  await fake.close();
  await database.drop();
});

beforeEach(async () => {
  const directory = await temporaryDirectory();
  home = path.join(directory, "home");
  work = path.join(directory, "work");
  await Promise.all([mkdir(home), mkdir(work)]);
  tenant = await makeTenant(database.db);
});

function commandOf(context: TestContext, name: AgentCli): string {
  const command = findAgentCli(name);
  if (command === null) {
    context.skip(`${AGENT_CLIS[name].package} is not installed: node test/support/agent-clis.ts`);
  }
  return command as string;
}

/** Runs a command in the work directory with no other environment, and waits for it. */
async function run(command: string, args: string[], env: Record<string, string>): Promise<string> {
  const child = spawn(command, args, {
    cwd: work,
    env: { NODE_ENV: "test", PATH: process.env.PATH, HOME: home, IS_SANDBOX: "1", NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk;
    });
  }
  await once(child, "close");
  return output;
}

async function expectTheFile(output: string): Promise<void> {
  const written = await readFile(path.join(work, "notes.txt"), "utf8").catch(
    () => `nothing; it said:\n${output}`,
  );
  expect(written).toMatch(/hello from/i);
  const { entries, reservations } = await readMoney(database.db, tenant);
  expect(entries.length).toBeGreaterThanOrEqual(2);
  expect(entries.every(({ model, run_id }) => model === "demo" && run_id === tenant.runId)).toBe(true);
  expect(reservations).toBe(0);
}

it("Claude Code", { timeout: 120_000 }, async (context) => {
  const command = commandOf(context, "claude-code");
  const args = ["-p", TASK, "--model", "demo", "--dangerously-skip-permissions"];
  const output = await run(command, args, {
    ANTHROPIC_BASE_URL: gateway.url,
    ANTHROPIC_AUTH_TOKEN: tenant.runToken,
    ANTHROPIC_DEFAULT_HAIKU_MODEL: "demo",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  });
  await expectTheFile(output);
});

it("Codex", { timeout: 120_000 }, async (context) => {
  const command = commandOf(context, "codex");
  await mkdir(path.join(home, ".codex"));
  await writeFile(
    path.join(home, ".codex/config.toml"),
    [
      'model = "demo"',
      'model_provider = "gateway"',
      'web_search = "disabled"',
      "[features]",
      "plugins = false",
      "[model_providers.gateway]",
      'name = "gateway"',
      `base_url = "${gateway.url}/v1"`,
      'env_key = "GATEWAY_TOKEN"',
      'wire_api = "responses"',
    ].join("\n"),
  );
  const args = ["exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", TASK];
  await expectTheFile(await run(command, args, { GATEWAY_TOKEN: tenant.runToken }));
});

it("OpenCode", { timeout: 120_000 }, async (context) => {
  const command = commandOf(context, "opencode");
  const options = { baseURL: `${gateway.url}/v1`, apiKey: tenant.runToken };
  const config = {
    model: "gateway/demo",
    small_model: "gateway/demo",
    provider: {
      gateway: { npm: "@ai-sdk/openai-compatible", name: "gateway", options, models: { demo: {} } },
    },
    permission: { edit: "allow", bash: "allow" },
  };
  await writeFile(path.join(work, "opencode.json"), JSON.stringify(config));
  const output = await run(command, ["run", TASK], {
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    OPENCODE_DISABLE_AUTOUPDATE: "1",
  });
  await expectTheFile(output);
});
