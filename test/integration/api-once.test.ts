import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, type ApiClient, apiClient } from "../support/api-client.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let users = 0;

beforeAll(async () => {
  stack = await startStack({ parts: ["web"] });
}, 180_000);

afterAll(() => stack?.stop());

const newUser = (): Promise<ApiClient> =>
  apiClient(stack.webUrl, stack.database.db, `user${users++}@example.org`);

async function newAgent(user: ApiClient): Promise<string> {
  const made = await user.call("POST", "/agents", { json: { name: "One" } });
  return made.body.id;
}

async function count(table: "agents" | "runs" | "messages", userId: string): Promise<number> {
  const { rows } = await stack.database.db.pool.query(
    `SELECT count(*) AS n FROM ${table} WHERE user_id = $1`,
    [userId],
  );
  return rows[0].n;
}

const statuses = (answers: Answer[]) => answers.map(({ status }) => status).sort();

describe("the cap on agents", () => {
  test("of 12 asked for at once 10 exist and 2 are refused", async () => {
    const user = await newUser();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => user.call("POST", "/agents", { json: { name: `Agent ${n}` } })),
    );
    expect(statuses(answers)).toEqual([...Array(10).fill(201), 409, 409]);
    const refused = answers.filter(({ status }) => status === 409);
    for (const { body } of refused) expect(body.code).toBe("limit_reached");
    expect((await user.call("GET", "/agents")).body.agents).toHaveLength(10);
    expect((await user.call("GET", "/limits")).body.agents).toEqual({ used: 10, limit: 10 });
  });

  test("a deleted agent makes room for exactly one, also when it is deleted several times at once", async () => {
    const user = await newUser();
    const ids = [];
    for (let n = 0; n < 10; n += 1) ids.push(await newAgent(user));
    const deletions = await Promise.all(
      ids
        .slice(0, 1)
        .flatMap((id) => Array(5).fill(id))
        .map((id) => user.call("DELETE", `/agents/${id}`)),
    );
    expect(statuses(deletions)).toEqual([204, 404, 404, 404, 404]);
    const again = await Promise.all(
      [1, 2].map(() => user.call("POST", "/agents", { json: { name: "New" } })),
    );
    expect(statuses(again)).toEqual([201, 409]);
  });
});

describe("an Idempotency-Key", () => {
  const keyed = (key: string, json: unknown) => ({ json, headers: { "idempotency-key": key } });

  test("makes one run of the same message sent twice", async () => {
    const user = await newUser();
    const url = `/agents/${await newAgent(user)}/messages`;
    const first = await user.call("POST", url, keyed("k1", { text: "Write a sum." }));
    const second = await user.call("POST", url, keyed("k1", { text: "Write a sum." }));
    expect(first.status).toBe(202);
    expect(second.status).toBe(202);
    expect(second.body).toEqual(first.body);
    expect(await count("runs", user.userId)).toBe(1);
    expect(await count("messages", user.userId)).toBe(1);
  });

  test("makes one run of ten at once", async () => {
    const user = await newUser();
    const url = `/agents/${await newAgent(user)}/messages`;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => user.call("POST", url, keyed("k2", { text: "Write a sum." }))),
    );
    expect(new Set(answers.map(({ body }) => body.run.id)).size).toBe(1);
    expect(statuses(answers)).toEqual(Array(10).fill(202));
    expect(await count("runs", user.userId)).toBe(1);
  });

  test("is refused with another body, and then changes nothing", async () => {
    const user = await newUser();
    const url = `/agents/${await newAgent(user)}/messages`;
    await user.call("POST", url, keyed("k3", { text: "One." }));
    const other = await user.call("POST", url, keyed("k3", { text: "Two." }));
    expect(other.status).toBe(409);
    expect(other.body.code).toBe("conflict");
    expect(await count("messages", user.userId)).toBe(1);
  });

  test("counts for one user and one address alone", async () => {
    const [ann, bob] = [await newUser(), await newUser()];
    const url = `/agents/${await newAgent(ann)}/messages`;
    const other = `/agents/${await newAgent(ann)}/messages`;
    const bobs = `/agents/${await newAgent(bob)}/messages`;
    for (const [user, where] of [
      [ann, url],
      [ann, other],
      [bob, bobs],
    ] as const) {
      expect((await user.call("POST", where, keyed("k4", { text: where }))).status).toBe(202);
    }
  });

  test("makes one agent of ten at once", async () => {
    const user = await newUser();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => user.call("POST", "/agents", keyed("k5", { name: "Once" }))),
    );
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await count("agents", user.userId)).toBe(1);
  });

  test("is free again when what it asked for was refused", async () => {
    const user = await newUser();
    const ids = [];
    for (let n = 0; n < 10; n += 1) ids.push(await newAgent(user));
    expect((await user.call("POST", "/agents", keyed("k6", { name: "More" }))).status).toBe(409);
    await user.call("DELETE", `/agents/${ids[0]}`);
    expect((await user.call("POST", "/agents", keyed("k6", { name: "More" }))).status).toBe(201);
  });
});

describe("lists", () => {
  test("give every agent once, page by page", async () => {
    const user = await newUser();
    const made = [];
    for (let n = 0; n < 7; n += 1) made.push(await newAgent(user));
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const page: Answer = await user.call("GET", `/agents?limit=3${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.body.agents.map(({ id }: { id: string }) => id));
      cursor = page.body.nextCursor;
    }
    expect(seen).toEqual(made.toReversed());
  });

  test("give every message once, newest first", async () => {
    const user = await newUser();
    const url = `/agents/${await newAgent(user)}/messages`;
    for (const text of ["a", "b", "c", "d", "e"]) await user.call("POST", url, { json: { text } });
    const first = await user.call("GET", `${url}?limit=2`);
    const second = await user.call("GET", `${url}?limit=100&cursor=${first.body.nextCursor}`);
    const texts = [...first.body.messages, ...second.body.messages].map(({ text }) => text);
    expect(texts).toEqual(["e", "d", "c", "b", "a"]);
    expect(second.body.nextCursor).toBeNull();
  });
});

test("settings that are not named keep their value", async () => {
  const user = await newUser();
  const id = await newAgent(user);
  await user.call("PATCH", `/agents/${id}`, {
    json: { policy: { approvePlan: true }, instructions: "Short." },
  });
  const changed = await user.call("PATCH", `/agents/${id}`, {
    json: { policy: { publish: "auto" }, name: "日本 👩‍💻" },
  });
  expect(changed.body).toMatchObject({
    name: "日本 👩‍💻",
    instructions: "Short.",
    policy: { approvePlan: true, publish: "auto" },
  });
  const without = await user.call("PATCH", `/agents/${id}`, { json: { instructions: null } });
  expect(without.body.instructions).toBeNull();
});

test("a name of 80 emoji is a name", async () => {
  const user = await newUser();
  const name = "🦉".repeat(80);
  expect((await user.call("POST", "/agents", { json: { name: ` ${name} ` } })).body.name).toBe(name);
});

test("what has no outside party says so, with what is missing", async () => {
  const user = await newUser();
  const github = await user.call("GET", "/github");
  expect(github.body).toMatchObject({ configured: false, installation: null, repository: null });
  expect(github.body.missing).toContain("GITHUB_APP_ID");
  expect((await user.call("GET", "/billing")).body).toMatchObject({ configured: false });
});
