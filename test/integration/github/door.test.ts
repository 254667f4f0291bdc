import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createSession } from "#accounts/sessions.ts";
import { findOrCreateUser } from "#accounts/users.ts";
import { type FakeGitHub, startFakeGitHub } from "../../fakes/github.ts";
import { apiClient, contents } from "../../support/api-client.ts";
import { type Stack, startStack } from "../../support/stack.ts";

let fake: FakeGitHub;
let stack: Stack;
let bare: Stack;

beforeAll(async () => {
  fake = await startFakeGitHub({ repositories: [{ owner: "alice", name: "desk", autoInit: true }] });
  stack = await startStack({ parts: ["web", "runner"], env: fake.env });
  bare = await startStack({ parts: ["web"], env: { GITHUB_URL: fake.url, GITHUB_API_URL: fake.url } });
  fake.connect(stack.webUrl);
}, 300_000);

afterEach(() => expect(fake.violations.splice(0)).toEqual([]));
afterAll(async () => {
  await stack?.stop();
  await bare?.stop();
  await fake?.close();
});

interface Browser {
  userId: string;
  cookie: string;
  /** where it is led to */
  go(path: string): Promise<string>;
  api(method: string, path: string, json?: unknown): Promise<Response>;
}

async function browserOf(on: Stack, email: string, role: "member" | "operator" = "member"): Promise<Browser> {
  const { db } = on.database;
  const user = await findOrCreateUser(db, { email, role });
  const { token } = await createSession(db, { userId: user.id, userAgent: null });
  const cookie = `carrel-${new URL(on.webUrl).port}.session=${token}`;
  return {
    userId: user.id,
    cookie,
    async go(path) {
      const answer = await fetch(on.webUrl + path, { headers: { cookie }, redirect: "manual" });
      expect(answer.status).toBe(303);
      return answer.headers.get("location") ?? "";
    },
    api: (method, path, json) =>
      fetch(`${on.webUrl}/api/v1${path}`, {
        method,
        headers: { cookie, origin: on.webUrl, "content-type": "application/json" },
        body: json === undefined ? undefined : JSON.stringify(json),
      }),
  };
}

/** The state that the way to GitHub was begun with. */
const stateIn = (location: string) => new URL(location).searchParams.get("state") ?? "";

async function connect(browser: Browser, login: string): Promise<string> {
  const state = stateIn(await browser.go("/github/connect"));
  const installation = await fake.install(login);
  const code = await fake.codeFor(login);
  const query = new URLSearchParams({
    code,
    installation_id: String(installation),
    setup_action: "install",
    state,
  });
  return browser.go(`/github/callback?${query}`);
}

describe("connecting", () => {
  test("leads to GitHub's page and back, and the repository can be chosen", async () => {
    const alice = await browserOf(stack, "alice@example.org");
    expect(await connect(alice, "alice")).toBe("/github");
    expect(await (await alice.api("GET", "/github")).json()).toMatchObject({
      configured: true,
      missing: [],
      account: "alice",
      installation: { account: "alice", status: "active" },
      repository: null,
      createUrl: expect.stringContaining(`${fake.url}/new?owner=alice`),
    });
    const chosen = await alice.api("PUT", "/github/repository", { owner: "alice", name: "desk" });
    expect(chosen.status).toBe(200);
    expect(await chosen.json()).toMatchObject({ repository: { name: "desk", state: "active" } });
  });

  test("a forged, a replayed and another session's state give nothing", async () => {
    const [alice, mallory] = [
      await browserOf(stack, "alice@example.org"),
      await browserOf(stack, "mallory@example.org"),
    ];
    const installation = await fake.install("alice");
    const back = async (browser: Browser, state: string, login: string) => {
      const code = await fake.codeFor(login);
      return browser.go(`/github/callback?code=${code}&installation_id=${installation}&state=${state}`);
    };
    const state = stateIn(await alice.go("/github/connect"));
    const before = await contents(stack.database.db);
    expect(await back(mallory, state, "mallory")).toBe("/github?problem=state");
    expect(await back(mallory, "forged", "mallory")).toBe("/github?problem=state");
    expect(await contents(stack.database.db)).toEqual(before);
    expect(await back(alice, state, "alice")).toBe("/github");
    expect(await back(alice, state, "alice")).toBe("/github?problem=state");
  });

  test("another user's installation id in the address gives nothing", async () => {
    const mallory = await browserOf(stack, "mallory@example.org");
    const installation = await fake.install("alice");
    const state = stateIn(await mallory.go("/github/connect"));
    const code = await fake.codeFor("mallory");
    const query = new URLSearchParams({ code, installation_id: String(installation), state });
    expect(await mallory.go(`/github/callback?${query}`)).toBe("/github?problem=installation");
    expect(await (await mallory.api("GET", "/github")).json()).toMatchObject({
      account: null,
      installation: null,
    });
    const taken = await mallory.api("PUT", "/github/repository", { owner: "alice", name: "desk" });
    expect(taken.status).toBe(404);
  });

  test("what was begun on GitHub begins here anew, with a state of this session", async () => {
    const alice = await browserOf(stack, "alice@example.org");
    expect(await alice.go("/github/callback?code=x&installation_id=1&setup_action=update")).toBe(
      "/github/connect?to=authorise",
    );
    const target = new URL(await alice.go("/github/connect?to=authorise"));
    expect(target.pathname).toBe("/login/oauth/authorize");
    expect(target.searchParams.get("redirect_uri")).toBe(`${stack.webUrl}/github/callback`);
  });

  test("who is not signed in, and who holds a token only, is sent away", async () => {
    const answer = await fetch(`${stack.webUrl}/github/connect`, { redirect: "manual" });
    expect(answer.headers.get("location")).toBe("/sign-in");
    const script = await apiClient(stack.webUrl, stack.database.db, "op@example.org");
    await stack.database.db.pool.query("UPDATE users SET role = 'operator' WHERE id = $1", [script.userId]);
    expect((await script.call("POST", "/github/app", { json: {} })).status).toBe(403);
  });
});

describe("events", () => {
  const inbox = async () =>
    (await stack.database.db.pool.query("SELECT delivery_id, processed_at FROM inbox ORDER BY received_at"))
      .rows;

  test("that GitHub signs are kept once, worked off, and shown", async () => {
    const alice = await browserOf(stack, "alice@example.org");
    await connect(alice, "alice");
    const id = await fake.install("alice");
    await fake.suspend(id, true);
    const [delivery] = fake.hooks.deliveries.slice(-1);
    expect(delivery?.status).toBe(202);
    for (let n = 0; n < 3; n += 1) expect(await fake.hooks.redeliver(delivery as never)).toBe(202);
    expect((await inbox()).filter((row) => row.delivery_id === delivery?.id)).toHaveLength(1);
    const status = async () => (await (await alice.api("GET", "/github")).json()).installation?.status;
    await expect.poll(status, { timeout: 20_000 }).toBe("suspended");
    await fake.suspend(id, false);
    await expect.poll(status, { timeout: 20_000 }).toBe("active");
  });

  test("that are forged get 401 and leave nothing", async () => {
    const before = (await inbox()).length;
    const forge = (signature: string | null) =>
      fetch(`${stack.webUrl}/api/webhooks/github`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "x-github-event": "installation",
          "x-github-delivery": randomUUID(),
          ...(signature !== null && { "x-hub-signature-256": signature }),
        },
        body: '{"action":"deleted","installation":{"id":1001}}',
      });
    for (const signature of [null, "", "sha256=", `sha256=${"a".repeat(64)}`, "sha1=abc"]) {
      const answer = await forge(signature);
      expect(answer.status).toBe(401);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
    }
    expect((await inbox()).length).toBe(before);
  });

  test("get 503 with what to set where there is no secret", async () => {
    const answer = await fetch(`${bare.webUrl}/api/webhooks/github`, { method: "POST", body: "{}" });
    expect(answer.status).toBe(503);
    expect((await answer.json()).missing).toContain("GITHUB_APP_WEBHOOK_SECRET");
  });
});

describe("an installation without an App", () => {
  test("says what to set, and goes on without", async () => {
    const ann = await apiClient(bare.webUrl, bare.database.db, "ann@example.org");
    const { body } = await ann.call("GET", "/github");
    expect(body).toMatchObject({ configured: false, account: null, repository: null, createUrl: null });
    expect(body.missing).toEqual([
      "GITHUB_APP_ID",
      "GITHUB_APP_PRIVATE_KEY",
      "GITHUB_APP_CLIENT_ID",
      "GITHUB_APP_CLIENT_SECRET",
      "GITHUB_APP_WEBHOOK_SECRET",
    ]);
    expect((await ann.call("POST", "/agents", { json: { name: "One" } })).status).toBe(201);
    const chosen = await ann.call("PUT", "/github/repository", { json: { owner: "ann", name: "desk" } });
    expect(chosen.status).toBe(404);
  });

  test("gets one from the manifest in one click; its keys are sealed", async () => {
    const operator = await browserOf(bare, "op@example.org", "operator");
    const form = (await (await operator.api("POST", "/github/app", { name: "Ours" })).json()) as {
      action: string;
      manifest: string;
    };
    const manifest = JSON.parse(form.manifest);
    expect(manifest).toMatchObject({
      name: "Ours",
      redirect_url: `${bare.webUrl}/github/setup/callback`,
      default_permissions: { contents: "write", pull_requests: "write", checks: "read", metadata: "read" },
    });
    const code = await makeOnGitHub(form);
    const state = stateIn(form.action);
    expect(await operator.go(`/github/setup/callback?code=${code}&state=forged`)).toBe(
      "/github/setup?problem=state",
    );
    expect(await operator.go(`/github/setup/callback?code=${code}&state=${state}`)).toBe("/github/setup");
    expect(await operator.go(`/github/setup/callback?code=${code}&state=${state}`)).toBe(
      "/github/setup?problem=state",
    );
    expect(await (await operator.api("GET", "/github")).json()).toMatchObject({
      configured: true,
      missing: [],
    });
    const { rows } = await bare.database.db.pool.query("SELECT * FROM github_app");
    const stored = JSON.stringify(rows);
    for (const secret of [fake.state.app.clientSecret, fake.state.app.webhookSecret, "PRIVATE KEY"]) {
      expect(stored).not.toContain(secret);
    }
    // The stored keys work: GitHub knows the App by them.
    expect(await operator.go("/github/connect")).toContain("/apps/carrel-desk/installations/new");
    fake.connect(stack.webUrl);
  });

  test("gets none from a member", async () => {
    const member = await browserOf(bare, "member@example.org");
    expect((await member.api("POST", "/github/app", {})).status).toBe(403);
    expect((await member.api("GET", "/github/app")).status).toBe(403);
    expect(await member.go("/github/setup/callback?code=x&state=y")).toBe("/github/setup?problem=forbidden");
  });

  test("only the set-up page may post a form elsewhere, and only to GitHub", async () => {
    const policy = async (path: string) =>
      (await fetch(bare.webUrl + path, { redirect: "manual" })).headers.get("content-security-policy") ?? "";
    expect(await policy("/github/setup")).toContain(`form-action 'self' ${fake.url};`);
    expect(await policy("/github")).toContain("form-action 'self';");
  });

  async function makeOnGitHub({ action, manifest }: { action: string; manifest: string }): Promise<string> {
    const page = await fetch(action, { method: "POST", body: new URLSearchParams({ manifest }) });
    expect(await page.text()).toContain("Create GitHub App");
    const made = await fetch(`${fake.url}/settings/apps/make`, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({ manifest, state: stateIn(action) }),
    });
    return new URL(made.headers.get("location") ?? "").searchParams.get("code") ?? "";
  }
});
