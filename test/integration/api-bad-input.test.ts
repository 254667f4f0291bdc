import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setUserStatus } from "#accounts/users.ts";
import type { Operation } from "#api/operation.ts";
import { OPERATIONS } from "#api/operations.ts";
import {
  type Answer,
  type ApiClient,
  agentInReview,
  apiClient,
  call,
  contents,
} from "../support/api-client.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let ann: ApiClient;
let reader: ApiClient;
let onlyModels: ApiClient;
let bob: { agentId: string; runId: string; treeHash: string; tokenId: string };
let anns: { agentId: string; runId: string; treeHash: string };

beforeAll(async () => {
  stack = await startStack({ parts: ["web"] });
  const { db } = stack.database;
  ann = await apiClient(stack.webUrl, db, "ann@example.org");
  reader = await apiClient(stack.webUrl, db, "ann@example.org", ["api:read"]);
  onlyModels = await apiClient(stack.webUrl, db, "ann@example.org", ["models"]);
  anns = await agentInReview(db, ann.userId);
  const other = await apiClient(stack.webUrl, db, "bob@example.org");
  const tokens = await other.call("GET", "/tokens");
  bob = { ...(await agentInReview(db, other.userId)), tokenId: tokens.body.tokens[0].id };
}, 180_000);

afterAll(() => stack?.stop());

/** A body that would be accepted, for each operation that takes one. */
const BODIES: Record<string, unknown> = {
  changeMe: { name: "Ann" },
  changeBudget: { monthlyMicroUsd: 1 },
  createAgent: { name: "Two" },
  changeAgent: { name: "Two" },
  sendMessage: { text: "Do it." },
  answerReview: { decision: "reject" },
  exec: { language: "bash", code: "true" },
  createToken: { name: "more" },
  chooseGitHubRepository: { owner: "ann", name: "desk" },
  beginImport: { branch: "main" },
  makeGitHubApp: { name: "Carrel of Ann" },
  changeEnvironment: { API_KEY: "a-private-value" },
  chooseEgress: { enabled: true, allow: [] },
  putProviderKey: { key: "sk-0123456789" },
};

/** What is wrong to add to a body: a field that nobody knows, or a name that no variable has. */
const UNKNOWN: Record<string, object> = { changeEnvironment: { "no name": "red" } };

const withBody = OPERATIONS.filter((operation) => operation.body);
const withIds = OPERATIONS.filter((operation) => operation.path.includes("{id}"));

const NOT_AN_ID = "not-an-id";
const NOBODYS_ID = "01920000-0000-7000-8000-000000000000";

function urlOf(operation: Operation, ids: { agent: string; run: string; token: string }): string {
  const id = operation.path.startsWith("/runs/")
    ? ids.run
    : operation.path.startsWith("/tokens/")
      ? ids.token
      : ids.agent;
  const queries: Record<string, string> = { content: "?path=a.txt", upload: "?name=a.zip" };
  const query = queries[operation.path.split("/").at(-1) as string] ?? "";
  const path = operation.path.replace("{id}", id).replace("{n}", "1").replace("{r}", NOBODYS_ID);
  return path.replace("{provider}", "openai") + query;
}

const own = (operation: Operation) =>
  urlOf(operation, { agent: anns.agentId, run: anns.runId, token: bob.tokenId });
const foreign = (operation: Operation) =>
  urlOf(operation, { agent: bob.agentId, run: bob.runId, token: bob.tokenId });

function inputOf(operation: Operation) {
  if (operation.body) return { json: BODIES[operation.id] };
  if (operation.takesBytes) return { body: "content" };
  return {};
}

function expectProblem(answer: Answer, status: number): void {
  expect(answer.body).toMatchObject({ status, code: expect.any(String), title: expect.any(String) });
  expect(answer.body.detail).toEqual(expect.any(String));
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
}

async function changesNothing(act: () => Promise<void>): Promise<void> {
  const before = await contents(stack.database.db);
  await act();
  expect(await contents(stack.database.db)).toEqual(before);
}

test("every operation that takes a body has a valid one here", () => {
  expect(Object.keys(BODIES).sort()).toEqual(withBody.map(({ id }) => id).sort());
});

describe.each(OPERATIONS.map((operation) => [operation.id, operation] as const))(
  "%s refuses",
  (_id, operation) => {
    test("whoever is not signed in", () =>
      changesNothing(async () => {
        const url = urlOf(operation, { agent: anns.agentId, run: anns.runId, token: bob.tokenId });
        const { method } = operation;
        expectProblem(await call(stack.webUrl, method, url, inputOf(operation)), 401);
        const headers = { authorization: "Bearer carrel_wrong" };
        expectProblem(await call(stack.webUrl, method, url, { ...inputOf(operation), headers }), 401);
      }));

    test("a token without the scope", () =>
      changesNothing(async () => {
        expectProblem(await onlyModels.call(operation.method, own(operation), inputOf(operation)), 403);
        if (operation.scope === "api") {
          expectProblem(await reader.call(operation.method, own(operation), inputOf(operation)), 403);
        }
      }));

    test("a query parameter that it does not know", () =>
      changesNothing(async () => {
        const url = own(operation);
        const unknown = `${url}${url.includes("?") ? "&" : "?"}colour=red`;
        expectProblem(await ann.call(operation.method, unknown, inputOf(operation)), 400);
      }));
  },
);

describe.each(withIds.map((operation) => [operation.id, operation] as const))(
  "%s does not find",
  (_id, operation) => {
    test("what belongs to another user", () =>
      changesNothing(async () => {
        expectProblem(await ann.call(operation.method, foreign(operation), inputOf(operation)), 404);
      }));

    test("an id that nothing has, and what is no id", () =>
      changesNothing(async () => {
        for (const id of [NOBODYS_ID, NOT_AN_ID, "%00", "1"]) {
          const url = urlOf(operation, { agent: id, run: id, token: id });
          expectProblem(await ann.call(operation.method, url, inputOf(operation)), 404);
        }
      }));
  },
);

describe.each(withBody.map((operation) => [operation.id, operation] as const))(
  "%s refuses a body",
  (_id, operation) => {
    const json = { "content-type": "application/json" };
    const valid = () => JSON.stringify(BODIES[operation.id]);

    test.each([
      [
        "with an unknown field",
        400,
        () => ({
          json: { ...(BODIES[operation.id] as object), ...(UNKNOWN[operation.id] ?? { colour: "red" }) },
        }),
      ],
      ["that is half a JSON", 400, () => ({ headers: json, body: valid().slice(0, -1) })],
      ["that is empty", 400, () => ({ headers: json, body: "" })],
      ["that is no object", 400, () => ({ json: [BODIES[operation.id]] })],
      [
        "that is not UTF-8",
        400,
        () => ({ headers: json, body: Buffer.from(`{"name":"\xff","text":"\xff"}`, "latin1") }),
      ],
      ["of another type", 415, () => ({ headers: { "content-type": "text/plain" }, body: valid() })],
      ["of 2 MB", 413, () => ({ headers: json, body: `{"text":"${"x".repeat(2_000_000)}"}` })],
    ])("%s", (_what, status, init) =>
      changesNothing(async () => {
        expectProblem(await ann.call(operation.method, own(operation), init()), status as number);
      }),
    );

    test("of 2 MB whose length is not announced", () =>
      changesNothing(async () => {
        const chunk = new TextEncoder().encode("x".repeat(100_000));
        let left = 20;
        const body = new ReadableStream({
          pull(controller) {
            if (left-- > 0) controller.enqueue(chunk);
            else controller.close();
          },
        });
        const response = await fetch(`${stack.webUrl}/api/v1${own(operation)}`, {
          method: operation.method,
          headers: { ...json, authorization: `Bearer ${ann.token}` },
          body,
          duplex: "half",
        } as RequestInit);
        expect(response.status).toBe(413);
      }));
  },
);

test.each([
  ["POST", "/agents", { name: "" }, 400],
  ["POST", "/agents", { name: "   " }, 400],
  ["POST", "/agents", { name: "x".repeat(81) }, 400],
  ["POST", "/agents", { name: "two\nlines" }, 400],
  ["POST", "/agents", { name: "a\u0000b" }, 400],
  ["POST", "/agents", { name: 7 }, 400],
  ["POST", "/agents", { name: "x", engine: "abacus" }, 400],
  ["POST", "/agents", { name: "x", engine: "codex" }, 400],
  ["POST", "/agents", { name: "x", policy: { publish: "always" } }, 400],
  ["POST", "/agents", { name: "x", ceilingMicroUsd: -1 }, 400],
  ["POST", "/agents", { name: "x", ceilingMicroUsd: 0.5 }, 400],
  ["PATCH", "/me", { timeZone: "Mars/Olympus" }, 400],
  ["PATCH", "/me", { locale: "tlh" }, 400],
  ["PUT", "/budget", { monthlyMicroUsd: -1 }, 400],
  ["POST", "/tokens", { name: "x", scopes: ["root"] }, 400],
  ["POST", "/tokens", { name: "x", expiresAt: "2001-01-01T00:00:00Z" }, 400],
  ["POST", "/tokens", { name: "x", scopes: ["models"] }, 403],
] as const)("%s %s with %j changes nothing", (method, path, json, status) =>
  changesNothing(async () => expectProblem(await ann.call(method, path, { json }), status)),
);

test("an unknown engine is answered with those that are offered", async () => {
  const { body } = await ann.call("POST", "/agents", { json: { name: "x", engine: "abacus" } });
  expect(body.detail).toContain("builder");
});

test.each(["../x", "a/../../x", "/etc/passwd", "a%00b", "%ff"])(
  "the path %s is refused for every file operation",
  (path) =>
    changesNothing(async () => {
      const files = `/agents/${anns.agentId}/files`;
      const at = `?path=${path.includes("%") ? path : encodeURIComponent(path)}`;
      expectProblem(await ann.call("GET", files + at), 400);
      expectProblem(await ann.call("GET", `${files}/content${at}`), 400);
      expectProblem(await ann.call("PUT", `${files}/content${at}`, { body: "x" }), 400);
      expectProblem(await ann.call("DELETE", `${files}/content${at}`), 400);
    }),
);

test("a message over 256 KiB, empty, or with half a surrogate pair changes nothing", () =>
  changesNothing(async () => {
    const url = `/agents/${anns.agentId}/messages`;
    expectProblem(await ann.call("POST", url, { json: { text: "é".repeat(140_000) } }), 413);
    expectProblem(await ann.call("POST", url, { json: { text: " \n " } }), 400);
    expectProblem(await ann.call("POST", url, { json: { text: "a\ud800b" } }), 400);
  }));

test("an approval of another tree than the review's changes nothing", () =>
  changesNothing(async () => {
    const url = `/runs/${anns.runId}/review`;
    const json = { decision: "approve", treeHash: "b".repeat(64) };
    expectProblem(await ann.call("POST", url, { json }), 409);
  }));

test.each(["limit=0", "limit=101", "limit=x", "limit=1.5", "limit=1&limit=2", "cursor=%ff", "cursor='"])(
  "a list refuses %s",
  async (query) => expectProblem(await ann.call("GET", `/agents?${query}`), 400),
);

test("places in a list that no list has are refused", async () => {
  expectProblem(await ann.call("GET", `/runs/${anns.runId}/events?after=${2 ** 31}`), 400);
  expectProblem(await ann.call("GET", `/agents/${anns.agentId}/versions?cursor=${"9".repeat(20)}`), 400);
  expectProblem(await ann.call("GET", `/agents/${anns.agentId}/versions?cursor=1a`), 400);
});

test("an address or a method that is not in the API is a problem too", async () => {
  expectProblem(await ann.call("GET", "/nothing/here"), 404);
  const answer = await ann.call("PUT", "/agents", { json: {} });
  expectProblem(answer, 405);
  expect(answer.headers.get("allow")).toBe("GET, POST");
});

test("a suspended user is refused everywhere, and let in again", async () => {
  const { db } = stack.database;
  await setUserStatus(db, "ann@example.org", "suspended");
  for (const operation of OPERATIONS) {
    expectProblem(await ann.call(operation.method, own(operation), inputOf(operation)), 403);
  }
  await setUserStatus(db, "ann@example.org", "active");
  expect((await ann.call("GET", "/me")).status).toBe(200);
});
