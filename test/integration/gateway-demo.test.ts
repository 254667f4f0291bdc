import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { demoProvider } from "#gateway/providers/demo/demo-provider.ts";
import { type FakeAnthropic, startFakeAnthropic } from "../fakes/anthropic.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import {
  makeTenant,
  type RunningGateway,
  readMoney,
  sdk,
  startGateway,
  type Tenant,
} from "../support/gateway.ts";

let database: TestDatabase;
let fake: FakeAnthropic;
let gateway: RunningGateway;
let tenant: Tenant;

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
  tenant = await makeTenant(database.db);
});

const plan = {
  model: "demo",
  max_tokens: 8000,
  system: "You are Carrel's architect.",
  messages: [
    {
      role: "user" as const,
      content:
        "<request>Write a to-do list for the command line in Python 🗒️</request><languages>python 3.11.2, javascript 22.23.3</languages>",
    },
  ],
  tools: [{ name: "propose_plan", input_schema: { type: "object" as const } }],
  tool_choice: { type: "tool" as const, name: "propose_plan" },
};
const chat = {
  model: "demo",
  max_tokens: 500,
  messages: [{ role: "user" as const, content: "Hello, 안녕 👋🏽" }],
};

describe("the demo model on the Messages wire", () => {
  it.each([
    ["a plan", plan],
    ["a chat", chat],
  ])(
    "says the same streamed and whole (%s), is charged nominally, and costs the operator nothing",
    async (_name, request) => {
      const client = sdk(gateway, tenant.runToken);
      const { id: _id, ...whole } = await client.messages.create(request);
      const { id: _other, ...streamed } = await client.messages.stream(request).finalMessage();
      expect({ ...streamed, parsed_output: undefined }).toEqual({ ...whole, parsed_output: undefined });
      expect(whole.content.length).toBeGreaterThan(0);
      const { entries } = await readMoney(database.db, tenant);
      expect(entries).toHaveLength(2);
      for (const entry of entries) {
        expect(entry).toMatchObject({
          provider: "demo",
          model: "demo",
          provider_cost_micro_usd: 0,
          estimated: false,
        });
        expect(entry.cost_micro_usd).toBeGreaterThan(0);
      }
      expect(fake.requests).toEqual([]);
    },
  );

  it("counts tokens", async () => {
    const { max_tokens: _, ...prompt } = chat;
    expect((await sdk(gateway, tenant.runToken).messages.countTokens(prompt)).input_tokens).toBeGreaterThan(
      0,
    );
  });
});
