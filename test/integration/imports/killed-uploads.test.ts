import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiClient, apiClient } from "../../support/api-client.ts";
import { archiveOf } from "../../support/archives.ts";
import { until } from "../../support/runs.ts";
import { type Stack, startStack } from "../../support/stack.ts";
import { ended, newAgent, upload } from "../../support/uploads.ts";

let stack: Stack;
let ann: ApiClient;
let bytes: Buffer;

const FILES = 800;

beforeAll(async () => {
  stack = await startStack({ parts: ["runner", "web"] });
  ann = await apiClient(stack.webUrl, stack.database.db, "ann@example.org");
  const entries = Array.from({ length: FILES }, (_, n) => ({ name: `d${n % 9}/f${n}.txt`, text: `${n}\n` }));
  bytes = await archiveOf("tgz", entries);
}, 240_000);

afterAll(() => stack?.stop());

const rowOf = async (agentId: string) =>
  (
    await stack.database.db.pool.query<{
      state: string;
      done: number;
      tree: string | null;
      attempts: number;
    }>(
      "SELECT state, files_done AS done, tree_hash AS tree, attempts FROM code_imports WHERE agent_id = $1",
      [agentId],
    )
  ).rows[0];

const names = async (agentId: string): Promise<string[]> =>
  (await ann.call("GET", `/agents/${agentId}/files?recursive=true`)).body.files.map(
    ({ path }: { path: string }) => path,
  );

test.each([
  ["is being stored", (row?: { done: number; tree: string | null }) => row?.tree === null && row.done > 0],
  ["is being put in place", (row?: { tree: string | null }) => row?.tree !== null],
])(
  "a runner killed while the code %s: the next one goes on, and the same sent again changes nothing",
  async (_when, isThen) => {
    const agentId = await newAgent(ann);
    expect((await upload(ann, agentId, bytes, { key: "once" })).status).toBe(202);
    await until("the import is there", async () => isThen(await rowOf(agentId)));
    await stack.kill("runner");
    expect(await rowOf(agentId)).toMatchObject({ state: "importing", attempts: 1 });
    await stack.restart("runner");
    const again = await upload(ann, agentId, bytes, { key: "once" });
    expect([again.status, again.body.import.state]).toEqual([202, "importing"]);
    expect(await ended(ann, agentId)).toMatchObject({ state: "done", filesDone: FILES, error: null });
    expect((await rowOf(agentId))?.attempts).toBe(2);
    const found = await names(agentId);
    expect(found.filter((name) => name.endsWith(".txt"))).toHaveLength(FILES);
    expect(found).toHaveLength(FILES + 9);
  },
  180_000,
);
