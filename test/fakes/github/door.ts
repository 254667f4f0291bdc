import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { type GitServer, isGitPath } from "../git-server.ts";
import { checkRequest } from "./check-request.ts";
import type { GitBridge } from "./git-bridge.ts";
import type { Hooks } from "./hooks.ts";
import { answerPage } from "./pages.ts";
import { showHeads } from "./pull-heads.ts";
import { type Answer, type Asked, answerRest, etagOf, listPullFiles, refusePull } from "./rest.ts";
import type { FakeState, Issued } from "./state.ts";

/** Everything that comes to the fake: git, pages, the API; what is not answered here goes on to the emulator. */

export interface Door {
  state: FakeState;
  hooks: Hooks;
  git: GitServer;
  bridge: GitBridge;
}

/** Where the emulator says its events to; from here they go out as GitHub's. */
export const EVENTS = "/_emulator/events";

export async function answerDoor(
  door: Door,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { state } = door;
  const url = new URL(request.url ?? "/", state.url);
  if (isGitPath(url.pathname)) return serveGit(door, url, request, response);
  if (url.pathname === "/favicon.ico") return void response.writeHead(204).end();
  const raw = await buffer(request);
  if (url.pathname === EVENTS) {
    response.end();
    const event = String(request.headers["x-github-event"]);
    return relayEvent(door, event, JSON.parse(raw.toString()) as Record<string, unknown>);
  }
  const method = request.method ?? "GET";
  const token = tokenOf(request);
  const type = request.headers["content-type"] ?? "";
  const form = new URLSearchParams(type.includes("urlencoded") ? raw.toString() : "");
  const page = await answerPage(state, door.hooks, { method, url, form });
  if (page) return send(response, page);
  if (isForPeople(url.pathname)) {
    const refused = refuseExchange(state, url.pathname, raw, type);
    if (refused) return send(response, refused);
    return pass(door, { method, url, body: undefined, token }, request, raw, response);
  }
  const body = raw.length > 0 ? (JSON.parse(raw.toString()) as Record<string, unknown>) : undefined;
  const asked: Asked = { method, url, body, token };
  state.requests.push({ method, path: url.pathname + url.search, token });
  const isPerson = token?.startsWith("ghp_") ?? false;
  const fault = isPerson ? undefined : state.faults.shift();
  if (fault) return send(response, { ...fault, body: fault.body ?? { message: "ordered by the test" } });
  const violation = isPerson ? null : checkRequest(method, url, body);
  if (violation !== null) {
    state.violations.push(violation);
    return send(response, { status: 400, body: { message: violation } });
  }
  const own = (await answerRest(state, asked)) ?? (await answerPulls(state, asked));
  if (own) return send(response, own, request);
  await pass(door, asked, request, raw, response);
}

function isForPeople(pathname: string): boolean {
  return (
    pathname.startsWith("/login/") || pathname.startsWith("/_emulate/") || pathname.startsWith("/avatars/")
  );
}

// The emulator knows no OAuth application: client and secret are checked here.
function refuseExchange({ app }: FakeState, pathname: string, raw: Buffer, type: string): Answer | null {
  if (pathname !== "/login/oauth/access_token") return null;
  const given = type.includes("json")
    ? (JSON.parse(raw.toString()) as Record<string, string>)
    : Object.fromEntries(new URLSearchParams(raw.toString()));
  if (given.client_id === app.clientId && given.client_secret === app.clientSecret) return null;
  return {
    status: 200,
    body: {
      error: "incorrect_client_credentials",
      error_description: "The client_id and/or client_secret passed are incorrect.",
    },
  };
}

function tokenOf(request: IncomingMessage): string | null {
  const [scheme = "", value] = (request.headers.authorization ?? "").split(" ");
  return /^(bearer|token)$/i.test(scheme) && value !== undefined ? value : null;
}

async function answerPulls(state: FakeState, { method, url, body }: Asked): Promise<Answer | null> {
  const [, owner = "", name = "", rest = ""] =
    /^\/repos\/([^/]+)\/([^/]+)\/pulls(.*)$/.exec(url.pathname) ?? [];
  if (owner === "") return null;
  if (rest === "" && method === "POST") return refusePull(state, owner, name, body);
  const [, number] = /^\/(\d+)\/files$/.exec(rest) ?? [];
  return number === undefined ? null : listPullFiles(state, owner, name, number);
}

async function pass(
  door: Door,
  asked: Asked,
  request: IncomingMessage,
  raw: Buffer,
  response: ServerResponse,
): Promise<void> {
  const { method, url } = asked;
  const headers = Object.fromEntries(
    ["authorization", "content-type", "accept", "cookie"].flatMap((name) => {
      const value = request.headers[name];
      return typeof value === "string" ? [[name, value]] : [];
    }),
  );
  const answer = await fetch(door.state.emulator + url.pathname + url.search, {
    method,
    headers,
    redirect: "manual",
    body: method === "GET" || method === "HEAD" ? undefined : new Uint8Array(raw),
  });
  const said = Buffer.from(await answer.arrayBuffer());
  const text = answer.ok ? withRight(url, await withHeads(door.state, url, said)) : said;
  await noteTokens(door.state, asked, text);
  const kept = [
    "content-type",
    "location",
    "set-cookie",
    "link",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
  ];
  const out = Object.fromEntries(
    kept.flatMap((name) => (answer.headers.has(name) ? [[name, String(answer.headers.get(name))]] : [])),
  );
  send(response, { status: answer.status, headers: out, body: text }, request);
}

async function withHeads(state: FakeState, { pathname }: URL, text: Buffer): Promise<Buffer> {
  if (!/^\/repos\/[^/]+\/[^/]+\/pulls(\/\d+)?$/.test(pathname)) return text;
  return Buffer.from(JSON.stringify(await showHeads(state, JSON.parse(text.toString()))));
}

// The emulator names rights as one gives them (push), GitHub as one has them (write).
const RIGHTS: Record<string, string> = { push: "write", maintain: "write", triage: "read", pull: "read" };

function withRight({ pathname }: URL, text: Buffer): Buffer {
  if (!/\/collaborators\/[^/]+\/permission$/.test(pathname)) return text;
  const said = JSON.parse(text.toString()) as { permission: string };
  return Buffer.from(JSON.stringify({ ...said, permission: RIGHTS[said.permission] ?? said.permission }));
}

/** What the emulator just handed out. */
async function noteTokens(state: FakeState, { url, body }: Asked, text: Buffer): Promise<void> {
  const isInstallation = /^\/app\/installations\/(\d+)\/access_tokens$/.exec(url.pathname);
  if (!isInstallation && url.pathname !== "/login/oauth/access_token") return;
  const given = JSON.parse(text.toString()) as { token?: string; access_token?: string };
  const issued: Omit<Issued, "kind"> = { repositoryIds: null, issuedAt: Date.now(), revoked: false };
  if (isInstallation && given.token) {
    state.tokens.set(given.token, {
      ...issued,
      kind: "installation",
      installationId: Number(isInstallation[1]),
      permissions: body?.permissions as Record<string, string> | undefined,
      repositoryIds: (body?.repository_ids as number[] | undefined) ?? null,
    });
  }
  if (given.access_token) {
    const headers = { authorization: `Bearer ${given.access_token}` };
    const { login } = (await (await fetch(`${state.emulator}/user`, { headers })).json()) as {
      login: string;
    };
    state.tokens.set(given.access_token, { ...issued, kind: "user", login });
  }
}

async function serveGit(
  { state, git, bridge }: Door,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, owner = "", name = ""] = /^\/([^/]+)\/([^/]+)\.git\//.exec(url.pathname) ?? [];
  const [, basic = ""] = (request.headers.authorization ?? "").split(" ");
  const [user, token = ""] = Buffer.from(basic, "base64").toString().split(":");
  const known = state.tokens.get(token);
  const repository = [...state.repositories.values()].find((one) => one.owner === owner && one.name === name);
  const isPush =
    url.pathname.endsWith("receive-pack") || url.searchParams.get("service") === "git-receive-pack";
  const right = known?.permissions?.contents;
  const isGood = user === "x-access-token" && known?.kind === "installation" && !known.revoked && repository;
  const isInScope = isGood && (known.repositoryIds === null || known.repositoryIds.includes(repository.id));
  if (!isInScope || (isPush ? right !== "write" : right === undefined)) {
    response.writeHead(401, { "www-authenticate": 'Basic realm="GitHub"' }).end();
    request.resume();
    return;
  }
  state.requests.push({ method: request.method ?? "GET", path: url.pathname + url.search, token });
  if (url.pathname.endsWith("/info/refs")) await bridge.toGit(owner, name);
  if (url.pathname.endsWith("/git-receive-pack")) {
    // The push is answered when the API knows of it, as with GitHub.
    await git.serve(request, response, () =>
      bridge.toApi(owner, name).catch((error: unknown) => {
        // The client sees a broken connection only.
        state.violations.push(`the fake failed: ${error instanceof Error ? error.stack : error}`);
        throw error;
      }),
    );
    return;
  }
  await git.serve(request, response);
}

// The emulator names no delivery that could be told from another, and not the App's own installation.
async function relayEvent(
  { state, hooks }: Door,
  event: string,
  payload: Record<string, unknown>,
): Promise<void> {
  const repository = payload.repository as { owner?: { login?: string } } | undefined;
  const installation = [...state.installations.values()].find(
    ({ account, installed, suspended }) =>
      account.login === repository?.owner?.login && installed && !suspended,
  );
  if (!installation) return;
  await showHeads(state, payload.pull_request);
  await hooks.send(event, { ...payload, installation: { id: installation.id } });
}

function send(response: ServerResponse, answer: Answer, request?: IncomingMessage): void {
  const { status, body, headers = {} } = answer;
  const isText = typeof body === "string" || Buffer.isBuffer(body);
  const text = body === undefined ? "" : isText ? body : JSON.stringify(body);
  const etag = etagOf(text.toString());
  if (request?.method === "GET" && status === 200 && request.headers["if-none-match"] === etag) {
    response.writeHead(304, { etag }).end();
    return;
  }
  response.writeHead(status, {
    "content-type": isText ? "text/plain" : "application/json; charset=utf-8",
    ...(request?.method === "GET" && status === 200 && { etag }),
    ...headers,
  });
  response.end(status === 204 ? undefined : text);
}
