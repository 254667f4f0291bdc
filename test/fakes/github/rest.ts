import { createHmac } from "node:crypto";
import { askEmulator, mayPush, repositoriesOf } from "./emulator.ts";
import { installationPayload } from "./hooks.ts";
import type { FakeState, Installation, Issued } from "./state.ts";

/** What the emulator lacks of GitHub's API, or answers wrongly. */

export interface Asked {
  method: string;
  url: URL;
  /** parsed, where there is one */
  body: Record<string, unknown> | undefined;
  token: string | null;
}

export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

const notFound: Answer = {
  status: 404,
  body: { message: "Not Found", documentation_url: "https://docs.github.com/rest" },
};
const unauthorised: Answer = { status: 401, body: { message: "Bad credentials" } };
const suspended: Answer = { status: 403, body: { message: "This installation has been suspended" } };

/** @returns null where the emulator is to answer */
export async function answerRest(state: FakeState, asked: Asked): Promise<Answer | null> {
  const { method, url, token } = asked;
  const path = url.pathname;
  const known = token === null ? undefined : state.tokens.get(token);
  if (token !== null && !token.includes(".") && !known) return unauthorised;
  if (known?.revoked) return unauthorised;
  const installation =
    known?.installationId === undefined ? undefined : state.installations.get(known.installationId);
  if (known?.kind === "installation" && installation?.suspended && path !== "/installation/token")
    return suspended;
  if (known?.kind === "installation" && !installation?.installed) return unauthorised;

  const conversion = /^\/app-manifests\/([^/]+)\/conversions$/.exec(path);
  if (conversion && method === "POST") return convertManifest(state, String(conversion[1]));
  if (path === "/installation/token" && method === "DELETE") return revoke(known);
  if (path === "/installation/repositories") return listInstallation(state, known, url);
  if (path === "/user/installations") return listUserInstallations(state, known);
  const reachable = /^\/user\/installations\/(\d+)\/repositories$/.exec(path);
  if (reachable) return listReachable(state, known, Number(reachable[1]), url);
  const ofApp = /^\/app\/installations\/(\d+)(\/access_tokens)?$/.exec(path);
  if (ofApp) return answerForApp(state, asked, Number(ofApp[1]), ofApp[2] !== undefined);
  if (/^\/applications\/[^/]+\/token$/.test(path) && method === "DELETE") return revokeUser(state, asked);
  return refuseOutOfScope(state, known, path);
}

function convertManifest(state: FakeState, code: string): Answer {
  const known = state.manifestCodes.get(code);
  if (!known) return notFound;
  const { manifest, owner } = known;
  state.manifestCodes.delete(code);
  const { app } = state;
  app.manifest = manifest;
  app.name = String(manifest.name);
  app.callbackUrls = (manifest.callback_urls as string[] | undefined) ?? [];
  const hook = manifest.hook_attributes as { url?: string; active?: boolean } | undefined;
  app.webhookUrl = hook?.active === false ? null : (hook?.url ?? null);
  return {
    status: 201,
    body: {
      id: app.id,
      slug: app.slug,
      name: app.name,
      client_id: app.clientId,
      client_secret: app.clientSecret,
      webhook_secret: app.webhookSecret,
      pem: app.privateKey,
      html_url: `${state.url}/apps/${app.slug}`,
      external_url: String(manifest.url),
      owner: state.accounts.find(({ login }) => login === owner) ?? state.accounts[0],
      permissions: manifest.default_permissions,
      events: manifest.default_events,
    },
  };
}

function revoke(known: Issued | undefined): Answer {
  if (!known) return unauthorised;
  known.revoked = true;
  return { status: 204 };
}

function revokeUser(state: FakeState, { body }: Asked): Answer {
  const known = state.tokens.get(String(body?.access_token));
  if (!known) return { status: 422, body: { message: "Validation Failed" } };
  known.revoked = true;
  return { status: 204 };
}

async function listInstallation(state: FakeState, known: Issued | undefined, url: URL): Promise<Answer> {
  if (known?.installationId === undefined) return unauthorised;
  const all = await repositoriesOf(state, known.installationId);
  const { repositoryIds } = known;
  return paged(
    "repositories",
    repositoryIds === null ? all : all.filter(({ id }) => repositoryIds.includes(id)),
    url,
  );
}

function listUserInstallations(state: FakeState, known: Issued | undefined): Answer {
  if (known?.login === undefined) return unauthorised;
  const login = known.login;
  const mine = [...state.installations.values()].filter((one) => isReachable(state, one, login));
  const installations = mine.map(({ id }) => installationPayload(state, id));
  return { status: 200, body: { total_count: installations.length, installations } };
}

async function listReachable(
  state: FakeState,
  known: Issued | undefined,
  id: number,
  url: URL,
): Promise<Answer> {
  const installation = state.installations.get(id);
  if (known?.login === undefined) return unauthorised;
  if (!installation || !isReachable(state, installation, known.login)) return notFound;
  const all = await repositoriesOf(state, id);
  const rights = await Promise.all(all.map((repository) => mayPush(state, String(known.login), repository)));
  const mine = all
    .map((repository, n) => ({ ...repository, permissions: { pull: true, push: rights[n] === true } }))
    .filter((repository) => !repository.private || repository.permissions.push);
  return paged("repositories", mine, url);
}

function isReachable(state: FakeState, { installed, account }: Installation, login: string): boolean {
  return (
    installed && (account.login === login || (state.members.get(account.login)?.includes(login) ?? false))
  );
}

function answerForApp(
  state: FakeState,
  { method, body }: Asked,
  id: number,
  isToken: boolean,
): Answer | null {
  const installation = state.installations.get(id);
  if (!installation?.installed) return notFound;
  if (!isToken) return method === "GET" ? { status: 200, body: installationPayload(state, id) } : null;
  if (installation.suspended) return suspended;
  const wanted = (body?.repository_ids as number[] | undefined) ?? [];
  const outside = wanted.some((repository) => !isAmong(state, installation, repository));
  if (!outside) return null;
  return {
    status: 422,
    body: {
      message:
        "There is at least one repository that does not exist or is not accessible to the parent installation.",
    },
  };
}

function isAmong(state: FakeState, { selection, repositories, account }: Installation, id: number): boolean {
  const repository = state.repositories.get(id);
  return repository?.owner === account.login && (selection === "all" || repositories.has(id));
}

// The emulator lets everybody read what is public; a token of GitHub's that is scoped sees nothing else of an account.
function refuseOutOfScope(state: FakeState, known: Issued | undefined, path: string): Answer | null {
  const [, owner, name] = /^\/repos\/([^/]+)\/([^/]+)/.exec(path) ?? [];
  if (owner === undefined || known?.kind !== "installation") return null;
  const repository = [...state.repositories.values()].find((one) => one.owner === owner && one.name === name);
  const installation = state.installations.get(known.installationId ?? 0);
  if (!repository || !installation) return null;
  const inScope = known.repositoryIds === null || known.repositoryIds.includes(repository.id);
  return inScope && isAmong(state, installation, repository.id) ? null : notFound;
}

function paged(name: string, all: unknown[], url: URL): Answer {
  const size = Number(url.searchParams.get("per_page") ?? 30);
  const page = Number(url.searchParams.get("page") ?? 1);
  const rows = all.slice((page - 1) * size, page * size);
  const next = new URL(url);
  next.searchParams.set("page", String(page + 1));
  const headers: Record<string, string> =
    page * size < all.length ? { link: `<${next.href}>; rel="next"` } : {};
  return {
    status: 200,
    body: { total_count: all.length, repository_selection: "all", [name]: rows },
    headers,
  };
}

/** GitHub refuses a second open pull request of a branch, and one without a commit; the emulator takes both. */
export async function refusePull(
  state: FakeState,
  owner: string,
  name: string,
  body: Asked["body"],
): Promise<Answer | null> {
  const head = String(body?.head ?? "").replace(`${owner}:`, "");
  const base = String(body?.base ?? "");
  const person = state.members.get(owner)?.[0] ?? owner;
  const ask = <T>(path: string) => askEmulator<T>(state, person, "GET", `/repos/${owner}/${name}${path}`);
  const refused = (message: string): Answer => ({
    status: 422,
    body: { message: "Validation Failed", errors: [{ resource: "PullRequest", code: "custom", message }] },
  });
  const open = await ask<{ head: { ref: string }; base: { ref: string } }[]>(
    "/pulls?state=open&per_page=100",
  );
  if (open?.some((pull) => pull.head.ref === head && pull.base.ref === base)) {
    return refused(`A pull request already exists for ${owner}:${head}.`);
  }
  const [headRef, baseRef] = await Promise.all([
    ask<{ object: { sha: string } }>(`/git/ref/heads/${head}`),
    ask<{ object: { sha: string } }>(`/git/ref/heads/${base}`),
  ]);
  if (!headRef)
    return {
      status: 422,
      body: {
        message: "Validation Failed",
        errors: [{ resource: "PullRequest", field: "head", code: "invalid" }],
      },
    };
  if (!baseRef)
    return {
      status: 422,
      body: {
        message: "Validation Failed",
        errors: [{ resource: "PullRequest", field: "base", code: "invalid" }],
      },
    };
  if (headRef.object.sha === baseRef.object.sha) return refused(`No commits between ${base} and ${head}`);
  return null;
}

/** The files of a pull request, which the emulator does not have: those of the comparison. */
export async function listPullFiles(
  state: FakeState,
  owner: string,
  name: string,
  number: string,
): Promise<Answer> {
  const person = state.members.get(owner)?.[0] ?? owner;
  const ask = <T>(path: string) => askEmulator<T>(state, person, "GET", `/repos/${owner}/${name}${path}`);
  const pull = await ask<{ head: { sha: string }; base: { sha: string } }>(`/pulls/${number}`);
  if (!pull) return notFound;
  const compared = await ask<{ files: unknown[] }>(`/compare/${pull.base.sha}...${pull.head.sha}`);
  return { status: 200, body: compared?.files ?? [] };
}

/** An entity tag of an answer, so that conditional requests can be made of it. */
export function etagOf(text: string): string {
  return `W/"${createHmac("sha256", "etag").update(text).digest("hex").slice(0, 32)}"`;
}
