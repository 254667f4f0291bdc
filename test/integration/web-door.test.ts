import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSignInCode } from "#accounts/local-sign-in.ts";
import { startPart } from "#launch/part.ts";
import { sha256 } from "#platform/crypto.ts";
import { type ApiClient, apiClient } from "../support/api-client.ts";
import { freePorts } from "../support/free-ports.ts";
import { runNode } from "../support/run-node.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let ann: ApiClient;
let port: string;

beforeAll(async () => {
  stack = await startStack({ parts: ["web"] });
  port = new URL(stack.webUrl).port;
  ann = await apiClient(stack.webUrl, stack.database.db, "ann@example.org");
}, 180_000);

afterAll(() => stack?.stop());

interface Asked {
  method?: string;
  headers?: Record<string, string>;
}

/** A request that says exactly these headers, Host included; redirects are not followed. */
async function ask(path: string, { method = "GET", headers = {} }: Asked = {}) {
  const request = http.request({ host: "127.0.0.1", port, path, method, agent: false });
  request.setHeader("host", `localhost:${port}`);
  for (const [name, value] of Object.entries(headers)) request.setHeader(name, value);
  request.end();
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  let text = "";
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, headers: response.headers, text };
}

const signIn = async () => {
  const answer = await ask(`/sign-in/local?code=${await createSignInCode(stack.database.db)}`);
  return (answer.headers["set-cookie"]?.[0] ?? "").split(";")[0] as string;
};

describe("Host", () => {
  const bearer = () => ({ authorization: `Bearer ${ann.token}` });

  test.each(["evil.example", "localhost", "localhost:1", "evil.example:80", "127.0.0.1", "[::1]:3000", ""])(
    "%j is refused",
    async (host) => {
      for (const path of ["/", "/api/v1/me", "/healthz", "/socket.io/?EIO=4&transport=polling"]) {
        const answer = await ask(path, { headers: { ...bearer(), host } });
        expect([400, 403]).toContain(answer.status);
      }
    },
  );

  test("127.0.0.1 answers tokens, but knows no cookie", async () => {
    const host = `127.0.0.1:${port}`;
    const cookie = await signIn();
    expect((await ask("/api/v1/me", { headers: { host, ...bearer() } })).status).toBe(200);
    expect((await ask("/api/v1/me", { headers: { host, cookie } })).status).toBe(401);
    expect((await ask("/api/v1/me", { headers: { cookie } })).status).toBe(200);
  });

  test("a page on 127.0.0.1 leads to localhost", async () => {
    const answer = await ask("/agents/x?y=1", { headers: { host: `127.0.0.1:${port}` } });
    expect(answer.status).toBe(307);
    expect(answer.headers.location).toBe(`http://localhost:${port}/agents/x?y=1`);
  });

  test("an address that is no path, or not UTF-8, is refused", async () => {
    for (const path of ["//evil.example/", "/%ff", "http://evil.example/"]) {
      expect((await ask(path)).status).toBe(400);
    }
  });
});

describe("Origin", () => {
  const change = (headers: Record<string, string>) => ask("/api/v1/tokens/x", { method: "DELETE", headers });

  test("an unsafe request with a cookie must come from here", async () => {
    const cookie = await signIn();
    const origin = `http://localhost:${port}`;
    // 404: let through to the operation, which has no such token
    expect((await change({ cookie, origin })).status).toBe(404);
    expect((await change({ cookie, "sec-fetch-site": "same-origin" })).status).toBe(404);
    expect((await change({ cookie })).status).toBe(403);
    expect((await change({ cookie, origin: "null" })).status).toBe(403);
    expect((await change({ cookie, origin: `http://127.0.0.1:${port}` })).status).toBe(403);
    expect((await change({ cookie, origin: "http://localhost:1" })).status).toBe(403);
    expect((await change({ cookie, "sec-fetch-site": "same-site" })).status).toBe(403);
  });

  test("a request with a token needs none, and a foreign one is refused even so", async () => {
    const authorization = `Bearer ${ann.token}`;
    expect((await change({ authorization })).status).toBe(404);
    expect((await change({ authorization, origin: "https://evil.example" })).status).toBe(403);
    const read = await ask("/api/v1/me", { headers: { authorization, origin: "https://evil.example" } });
    expect(read.status).toBe(403);
  });

  test.each([
    ["a foreign origin", { origin: "https://evil.example" }, "403"],
    ["a foreign host", { host: "evil.example" }, "403"],
    ["our own origin", { origin: "own" }, "101"],
    ["no origin, as programs do", {}, "101"],
  ])("an upgrade from %s is answered %s", async (_who, given, status) => {
    const headers: Record<string, string> = { host: `localhost:${port}`, ...given };
    if (headers.origin === "own") headers.origin = `http://localhost:${port}`;
    const socket = net.connect(Number(port), "127.0.0.1");
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n${lines.join("")}connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    );
    const [data] = (await once(socket, "data")) as [Buffer];
    socket.destroy();
    expect(data.toString().split(" ")[1]).toBe(status);
  });
});

describe("local sign-in", () => {
  test("of ten who use one code at once one gets in; the others are told", async () => {
    const code = await createSignInCode(stack.database.db);
    const answers = await Promise.all(upTo(10).map(() => ask(`/sign-in/local?code=${code}`)));
    const admitted = answers.filter(({ headers }) => headers["set-cookie"]);
    expect(admitted).toHaveLength(1);
    expect(admitted[0]?.headers.location).toBe("/");
    for (const answer of answers.filter((each) => each !== admitted[0])) {
      expect(answer.headers.location).toBe("/sign-in?error=code");
    }
    expect((await ask(`/sign-in/local?code=${code}`)).headers.location).toBe("/sign-in?error=code");
  });

  test("a wrong code, none, or one that is too old does not get in", async () => {
    const old = await createSignInCode(stack.database.db);
    await stack.database.db.pool.query(
      "UPDATE verification_tokens SET expires = now() - interval '1 second'",
    );
    for (const query of ["", "?code=", "?code=wrong", `?code=${old}`]) {
      const answer = await ask(`/sign-in/local${query}`);
      expect(answer.headers.location).toBe("/sign-in?error=code");
      expect(answer.headers["set-cookie"]).toBeUndefined();
    }
  });

  test("whoever is signed in already is led home, and the code stays good", async () => {
    const cookie = await signIn();
    const code = await createSignInCode(stack.database.db);
    const answer = await ask(`/sign-in/local?code=${code}`, { headers: { cookie } });
    expect(answer.headers.location).toBe("/");
    expect(answer.headers["set-cookie"]).toBeUndefined();
    expect((await ask(`/sign-in/local?code=${code}`)).headers["set-cookie"]).toHaveLength(1);
  });

  test("the cookie is for this host, not for scripts; the database holds only its hash", async () => {
    const code = await createSignInCode(stack.database.db);
    const [header] = (await ask(`/sign-in/local?code=${code}`)).headers["set-cookie"] ?? [];
    expect(header).toContain("HttpOnly");
    expect(header).toContain("SameSite=Lax");
    const value = header?.split(";")[0]?.split("=")[1] as string;
    const { rows } = await stack.database.db.pool.query("SELECT session_token FROM sessions");
    const kept = rows.map(({ session_token }) => session_token);
    expect(kept).toContain(sha256(value));
    expect(kept).not.toContain(value);
    expect(
      (await ask("/api/v1/me", { headers: { cookie: `carrel-${port}.session=${sha256(value)}` } })).status,
    ).toBe(401);
  });

  test("next-auth knows the session, and ends it", async () => {
    const cookie = await signIn();
    const session = await ask("/api/auth/session", { headers: { cookie } });
    expect(JSON.parse(session.text)).toMatchObject({ user: { email: "local@localhost" } });
    const csrf = await fetch(`${stack.webUrl}/api/auth/csrf`);
    const { csrfToken } = (await csrf.json()) as { csrfToken: string };
    const csrfCookie = csrf.headers
      .getSetCookie()
      .map((each) => each.split(";")[0])
      .join("; ");
    const signOut = await fetch(`${stack.webUrl}/api/auth/signout`, {
      method: "POST",
      redirect: "manual",
      headers: { cookie: `${cookie}; ${csrfCookie}`, origin: stack.webUrl },
      body: new URLSearchParams({ csrfToken, json: "true" }),
    });
    expect(signOut.status).toBe(200);
    expect((await ask("/api/v1/me", { headers: { cookie } })).status).toBe(401);
  });
});

test("pages carry a policy whose nonce is on every script, new each time", async () => {
  const cookie = await signIn();
  const pages = [await ask("/", { headers: { cookie } }), await ask("/", { headers: { cookie } })];
  const nonces = pages.map(({ headers, text }) => {
    const nonce = /'nonce-([^']+)'/.exec(String(headers["content-security-policy"]))?.[1] as string;
    const scripts = text.match(/<script\b[^>]*>/g) ?? [];
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`);
    return nonce;
  });
  expect(new Set(nonces).size).toBe(2);
  expect(pages[0]?.headers).toMatchObject({
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
  });
});

test("probes and metrics answer", async () => {
  expect((await ask("/healthz")).status).toBe(200);
  expect(JSON.parse((await ask("/readyz")).text)).toEqual({ status: "ready", database: true, events: true });
  const metrics = await ask("/metrics");
  expect(metrics.text).toContain("carrel_http_request_seconds_count");
  expect(metrics.text).toContain("carrel_users{status=");
});

test("the document of the API is served to whoever asks", async () => {
  const answer = await ask("/api/openapi.json");
  expect(JSON.parse(answer.text)).toMatchObject({ openapi: "3.1.0", servers: [{ url: stack.webUrl }] });
});

const right = () => ({
  CARREL_MODE: "embedded",
  DATABASE_URL: stack.database.url,
  NEXTAUTH_URL: "http://localhost:3999",
  PORT: "3999",
  NEXTAUTH_SECRET: "x".repeat(40),
  CARREL_RUNNER_SECRET: "x".repeat(40),
  NODE_ENV: "production",
});

test("in production local sign-in is refused, https is insisted on, and a proxy is believed about addresses", async () => {
  const [free] = await freePorts(1);
  const part = await startPart({
    name: "web",
    logFile: `${stack.home}/logs/production.log`,
    env: {
      ...right(),
      CARREL_MODE: "production",
      NEXTAUTH_URL: "https://carrel.example",
      PORT: `${free}`,
      CARREL_RATE_API: "1",
      PATH: process.env.PATH ?? "",
    },
  });
  await part.ready;
  const at = (path: string, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${free}${path}`, { headers, redirect: "manual" });
  try {
    const code = await createSignInCode(stack.database.db);
    const answer = await at(`/sign-in/local?code=${code}`);
    expect(answer.headers.get("location")).toBe("/sign-in?error=local-disabled");
    expect(answer.headers.get("set-cookie")).toBeNull();
    expect(answer.headers.get("strict-transport-security")).toContain("max-age=");
    expect((await at("/healthz")).status).toBe(200);
    expect((await at("/metrics", { "x-forwarded-for": "203.0.113.1" })).status).toBe(404);
    const refused = (from: string) =>
      at("/api/v1/me", { "x-forwarded-for": `198.51.100.7, ${from}` }).then(({ status }) => status);
    expect(await refused("203.0.113.1")).toBe(401);
    expect(await refused("203.0.113.1")).toBe(429);
    expect(await refused("203.0.113.2")).toBe(401);
  } finally {
    await part.stop(8000);
  }
});

describe("a start with a wrong variable ends with one plain line", () => {
  test.each([
    ["HOST", { HOST: "0.0.0.0" }, "HOST is 0.0.0.0"],
    ["NEXTAUTH_URL", { NEXTAUTH_URL: "http://192.168.1.2:3999" }, "NEXTAUTH_URL is http://192.168.1.2:3999"],
    ["NEXTAUTH_SECRET", { NEXTAUTH_SECRET: "short" }, "NEXTAUTH_SECRET is not valid"],
    ["PORT", { PORT: "99999" }, "PORT is not valid"],
    [
      "production's NEXTAUTH_URL",
      { CARREL_MODE: "production", NEXTAUTH_URL: "http://example.org" },
      "NEXTAUTH_URL",
    ],
  ])("%s", async (_name, wrong, line) => {
    const { code, stderr } = await runNode(["src/web.ts"], { ...right(), ...wrong });
    expect(code).toBe(1);
    expect(
      stderr
        .trim()
        .split("\n")
        .filter((each) => each.startsWith("web: ")),
    ).toHaveLength(1);
    expect(stderr).toContain(line);
    expect(stderr).not.toContain("    at ");
  });
});

function upTo(total: number): number[] {
  return Array.from({ length: total }, (_, n) => n + 1);
}
