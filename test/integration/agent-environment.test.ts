import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiClient, apiClient } from "../support/api-client.ts";
import { type Stack, startStack } from "../support/stack.ts";

const KEY = "sk-very-private-0123456789";

let stack: Stack;
let ann: ApiClient;
let agentId = "";

beforeAll(async () => {
  stack = await startStack();
  ann = await apiClient(stack.webUrl, stack.database.db, "ann@example.org");
  agentId = await newAgent("With keys");
}, 240_000);

afterAll(() => stack?.stop());

async function newAgent(name: string): Promise<string> {
  return (await ann.call("POST", "/agents", { json: { name } })).body.id;
}

const put = (json: unknown, agent = agentId) => ann.call("PUT", `/agents/${agent}/env`, { json });

async function bash(code: string, agent = agentId) {
  const answer = await ann.call("POST", `/agents/${agent}/exec`, { json: { language: "bash", code } });
  expect(answer.status).toBe(200);
  return answer.body;
}

test("a value reaches every process of its agent, is masked in what they say, and is never given back", async () => {
  const set = await put({ API_KEY: KEY, SHORT: "on" });
  expect(set.status).toBe(200);
  expect(set.body.keys).toMatchObject([
    { name: "API_KEY", masked: true },
    { name: "SHORT", masked: false },
  ]);
  const listed = await ann.call("GET", `/agents/${agentId}/env`);
  expect(listed.body).toEqual(set.body);
  expect(JSON.stringify([set.body, listed.body])).not.toContain(KEY);

  expect(
    (await bash('echo "$(printf %s "$API_KEY" | wc -c) $SHORT $API_KEY"; echo "$API_KEY" >&2')).stdout,
  ).toBe(`${KEY.length} on ***\n`);
  const forms = await bash(
    'printf %s "user:$API_KEY" | base64 -w0; printf %s "$API_KEY" | od -An -tx1 | tr -d " \\n"',
  );
  expect(forms.stdout).not.toContain(Buffer.from(KEY.slice(3)).toString("base64").slice(4, 16));
  expect(forms.stdout).not.toContain(Buffer.from(KEY).toString("hex"));
});

test("another agent of the same user does not have it", async () => {
  const other = await newAgent("Without");
  expect((await bash('echo "[$API_KEY]"', other)).stdout).toBe("[]\n");
  expect((await ann.call("GET", `/agents/${other}/env`)).body).toEqual({ keys: [] });
});

test("another person can neither list nor set it", async () => {
  const eve = await apiClient(stack.webUrl, stack.database.db, "eve@example.org");
  expect((await eve.call("GET", `/agents/${agentId}/env`)).status).toBe(404);
  expect((await eve.call("PUT", `/agents/${agentId}/env`, { json: { X: "1" } })).status).toBe(404);
  const reader = await apiClient(stack.webUrl, stack.database.db, "ann@example.org", ["api:read"]);
  expect((await reader.call("PUT", `/agents/${agentId}/env`, { json: { X: "1" } })).status).toBe(403);
});

test("what is replaced or removed is not given any more, and still masked", async () => {
  await bash('printf %s "$API_KEY" > kept.txt');
  await put({ API_KEY: "another-value-entirely", SHORT: null });
  const said = await bash('echo "$(echo "$API_KEY" | cut -c1-7) [$SHORT]"; cat kept.txt');
  expect(said.stdout).toBe("another []\n***");
  await put({ API_KEY: KEY, SHORT: "on" });
});

test("it is encrypted at rest, and cannot be opened as another agent's", async () => {
  const { pool } = stack.database.db;
  const { rows } = await pool.query<{ line: string }>(
    "SELECT to_jsonb(s)::text AS line FROM agent_secrets s",
  );
  expect(rows.length).toBeGreaterThan(0);
  for (const { line } of rows) {
    expect(line).not.toContain(KEY);
    expect(line).not.toContain(Buffer.from(KEY).toString("base64").slice(0, 20));
  }
  const thief = await newAgent("Thief");
  await pool.query(
    `INSERT INTO agent_secrets (id, agent_id, name, sealed, bytes, masked)
     SELECT gen_random_uuid(), $1, name, sealed, bytes, masked FROM agent_secrets
      WHERE agent_id = $2 AND name = 'API_KEY' AND retired_at IS NULL`,
    [thief, agentId],
  );
  const answer = await ann.call("POST", `/agents/${thief}/exec`, { json: { language: "bash", code: "env" } });
  expect(answer.status).toBe(503);
  expect(answer.body.detail).toBe("The private variable API_KEY cannot be opened. Enter it again.");
});

test.each([
  ["a name that is none", { "1ST": "value" }, 400],
  ["a name with a space", { "A B": "value" }, 400],
  ["the platform's own names", { PATH: "/tmp" }, 400],
  ["proxies, in any case", { https_proxy: "http://elsewhere" }, 400],
  ["what changes how programs start", { LD_PRELOAD: "/tmp/x.so" }, 400],
  ["a value that is no text", { KEY: "a\u0000b" }, 400],
  ["a value that is a number", { KEY: 1 }, 400],
  ["a value that is too long", { KEY: "x".repeat(16 * 1024 + 1) }, 400],
  ["nothing", {}, 400],
  ["too many", Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`K${n}`, "value"])), 409],
  [
    "too much",
    Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`K${n}`, "x".repeat(16 * 1024)])),
    409,
  ],
])("%s is refused, and nothing changes", async (_, json, status) => {
  const before = (await ann.call("GET", `/agents/${agentId}/env`)).body;
  const answer = await put(json);
  expect(answer.status).toBe(status);
  expect((await ann.call("GET", `/agents/${agentId}/env`)).body).toEqual(before);
});

test("no event, step, version or log of a run shows it, though its program prints it and writes it", async () => {
  // Ours run before the program's own tests: as root of the process, so to say.
  await put({ PYTHONWARNINGS: `ignore:${KEY}` });
  await bash('printf "TOKEN=%s" "$API_KEY" > .env; printf "key = \\"%s\\"\\n" "$API_KEY" > settings.toml');
  const text = "Write a small command-line tool that counts words, in Python, with tests.";
  const sent = await ann.call("POST", `/agents/${agentId}/messages`, { json: { text } });
  const run = `/runs/${sent.body.run.id}`;
  const read = async () => (await ann.call("GET", run)).body;
  await expect.poll(async () => (await read()).status, { timeout: 120_000 }).toBe("awaiting_review");
  const { review } = await read();
  await ann.call("POST", `${run}/review`, { json: { decision: "approve", treeHash: review.treeHash } });

  const { pool } = stack.database.db;
  const tables = ["run_events", "run_steps", "messages", "reviews", "trees", "model_calls"];
  for (const table of tables) {
    const { rows } = await pool.query<{ line: string }>(`SELECT to_jsonb(t)::text AS line FROM "${table}" t`);
    expect(rows.filter(({ line }) => line.includes(KEY))).toEqual([]);
  }
  const { rows: trees } = await pool.query<{ entries: { path: string }[] }>("SELECT entries FROM trees");
  const paths = trees.flatMap(({ entries }) => entries.map(({ path }) => path));
  expect(paths).toContain("settings.toml");
  expect(paths).not.toContain(".env");
  const { rows: blobs } = await pool.query<{ content: Buffer }>("SELECT content FROM blobs");
  expect(blobs.filter(({ content }) => content.includes(KEY))).toEqual([]);
  expect(blobs.filter(({ content }) => content.toString() === 'key = "***"\n')).toHaveLength(1);
  for (const part of ["web", "runner", "gateway"] as const) expect(await stack.log(part)).not.toContain(KEY);
}, 240_000);

test("it is gone with its agent", async () => {
  await ann.call("DELETE", `/agents/${agentId}`);
  const { pool } = stack.database.db;
  const { rowCount } = await pool.query("SELECT FROM agent_secrets WHERE agent_id = $1", [agentId]);
  expect(rowCount).toBe(0);
});
