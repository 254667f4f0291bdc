import { afterAll, beforeAll, expect, test } from "vitest";
import { uploadPlace } from "#imports/upload-place.ts";
import { type ApiClient, apiClient } from "../../support/api-client.ts";
import { archiveOf } from "../../support/archives.ts";
import { type Stack, startStack } from "../../support/stack.ts";
import { ended, newAgent, upload } from "../../support/uploads.ts";

let stack: Stack;
let ann: ApiClient;

beforeAll(async () => {
  stack = await startStack({ parts: ["runner", "web"] });
  ann = await apiClient(stack.webUrl, stack.database.db, "ann@example.org");
}, 240_000);

afterAll(() => stack?.stop());

/** A file as web leaves it when it dies before the row. */
async function leaveUpload(agentId: string, id: string, minutesOld: number): Promise<void> {
  const { file } = uploadPlace(id);
  const address = `/agents/${agentId}/files/content?path=${encodeURIComponent(file)}`;
  expect((await ann.call("PUT", address, { body: "bytes" })).status).toBeLessThan(300);
  const code = `touch -d '${minutesOld} minutes ago' ${file}`;
  const { body } = await ann.call("POST", `/agents/${agentId}/exec`, { json: { language: "bash", code } });
  expect(body).toMatchObject({ exitCode: 0 });
}

const aside = async (agentId: string): Promise<string[]> =>
  ((await ann.call("GET", `/agents/${agentId}/files?path=.carrel`)).body.files ?? []).map(
    ({ path }: { path: string }) => path,
  );

test("a file that no import names goes with the next upload once it is old, and with a done import at any age", async () => {
  const agentId = await newAgent(ann);
  await leaveUpload(agentId, "old", 11);
  await leaveUpload(agentId, "young", 0);
  expect(await aside(agentId)).toEqual([".carrel/import-old", ".carrel/import-young"]);

  expect((await upload(ann, agentId, Buffer.from("no archive"))).status).toBe(202);
  expect(await ended(ann, agentId)).toMatchObject({ state: "failed", reason: "format" });
  expect(await aside(agentId)).toEqual([".carrel/import-young"]);

  expect((await upload(ann, agentId, await archiveOf("zip", [{ name: "a.txt" }]))).status).toBe(202);
  expect(await ended(ann, agentId)).toMatchObject({ state: "done" });
  expect(await aside(agentId)).toEqual([]);
});
