import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createModels } from "#api/models.ts";
import { createLogger } from "#platform/log.ts";

/** The models as web sees them when the gateway offers these. */
async function offering(ids: string[]) {
  const models = ids.map((id) => ({ id, provider: "some", scripted: id === "demo" }));
  const gateway = createServer((_request, response) => response.end(JSON.stringify({ models })));
  await new Promise<void>((resolve) => gateway.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void gateway.close());
  const { port } = gateway.address() as AddressInfo;
  return createModels(`http://127.0.0.1:${port}`, createLogger("test", "silent"));
}

test.each([
  { offered: ["claude-fable-5-1", "claude-sonnet-5-5", "demo"], chosen: "claude-sonnet-5-5" },
  { offered: ["demo", "claude-haiku-4-5"], chosen: "claude-haiku-4-5" },
  { offered: ["demo"], chosen: "demo" },
  { offered: [], chosen: undefined },
])("who has chosen no model gets $chosen of $offered", async ({ offered, chosen }) => {
  expect(await (await offering(offered)).defaultModel()).toBe(chosen);
});

test("a gateway that does not answer leaves the choice to the engine", async () => {
  const models = createModels("http://127.0.0.1:9", createLogger("test", "silent"));
  expect(await models.defaultModel()).toBeUndefined();
});
