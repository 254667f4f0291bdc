import { randomBytes } from "node:crypto";
import { askEmulator, type Repository, repositoriesOf } from "./emulator.ts";
import { type Hooks, installationPayload, senderOf } from "./hooks.ts";
import type { Answer } from "./rest.ts";
import type { FakeState } from "./state.ts";

/** GitHub's pages that a person sees on the way: make the App, install it, make a repository. */

export interface Visit {
  method: string;
  url: URL;
  form: URLSearchParams;
}

/** @returns null where the emulator has the page */
export async function answerPage(state: FakeState, hooks: Hooks, visit: Visit): Promise<Answer | null> {
  const { method, url } = visit;
  const path = url.pathname;
  const maker = /^(?:\/organizations\/([^/]+))?\/settings\/apps\/new$/.exec(path);
  if (maker && method === "POST") return confirmManifest(state, visit, maker[1] ?? "");
  if (path === "/settings/apps/make" && method === "POST") return makeApp(state, visit);
  if (path === `/apps/${state.app.slug}/installations/new`) {
    return method === "GET" ? offerInstallation(state, visit) : install(state, hooks, visit);
  }
  if (path === "/new") return method === "GET" ? offerRepository(visit) : makeRepository(state, hooks, visit);
  if (path === "/login/oauth/authorize") return refuseAuthorisation(state, visit);
  return null;
}

function page(title: string, inner: string): Answer {
  return {
    status: 200,
    headers: { "content-type": "text/html; charset=utf-8" },
    body: `<!doctype html><title>${title}</title><h1>${title}</h1>${inner}`,
  };
}

function redirect(location: string): Answer {
  return { status: 302, headers: { location } };
}

function field(name: string, value: string): string {
  return `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

function confirmManifest(state: FakeState, { url, form }: Visit, organisation: string): Answer {
  const manifest = form.get("manifest") ?? "";
  try {
    JSON.parse(manifest);
  } catch {
    return { status: 422, body: "Invalid manifest" };
  }
  return page(
    "Create GitHub App",
    `<form method="post" action="${state.url}/settings/apps/make">${field("manifest", manifest)}
     ${field("organisation", organisation)}
     ${field("state", url.searchParams.get("state") ?? "")}<button>Create GitHub App</button></form>`,
  );
}

function makeApp(state: FakeState, { form }: Visit): Answer {
  const manifest = JSON.parse(form.get("manifest") ?? "{}") as Record<string, unknown>;
  const code = randomBytes(20).toString("hex");
  state.manifestCodes.set(code, { manifest, owner: form.get("organisation") || null });
  const back = new URL(String(manifest.redirect_url));
  back.searchParams.set("code", code);
  back.searchParams.set("state", form.get("state") ?? "");
  return redirect(back.href);
}

function offerInstallation(state: FakeState, { url }: Visit): Answer {
  const forms = state.accounts.flatMap((account) => {
    const people =
      account.type === "User" ? [account.login] : (state.members.get(account.login) ?? []).slice(0, 1);
    return people.map(
      (
        login,
      ) => `<form method="post" action="${url.pathname}">${field("login", login)}${field("account", account.login)}
        ${field("state", url.searchParams.get("state") ?? "")}<button>Install on ${account.login} as ${login}</button></form>`,
    );
  });
  return page(`Install ${state.app.name}`, forms.join("\n"));
}

async function install(state: FakeState, hooks: Hooks, { form }: Visit): Promise<Answer> {
  const login = form.get("login") ?? "";
  const id = await installAs(state, hooks, login, form.get("account") ?? "");
  const [callback] = state.app.callbackUrls;
  if (callback === undefined) return page("Installed", "There is no callback address.");
  const back = new URL(callback);
  back.searchParams.set("code", await codeFor(state, login, callback));
  back.searchParams.set("installation_id", String(id));
  back.searchParams.set("setup_action", "install");
  back.searchParams.set("state", form.get("state") ?? "");
  return redirect(back.href);
}

/** Installs the App as its account's owner would. @returns the installation's id */
export async function installAs(
  state: FakeState,
  hooks: Hooks,
  login: string,
  account: string,
): Promise<number> {
  const found = [...state.installations.values()].find((one) => one.account.login === account);
  if (!found) throw new Error(`no account ${account}`);
  const isNew = !found.installed;
  found.installed = true;
  if (isNew) {
    const repositories = (await repositoriesOf(state, found.id)).map(briefly);
    const installation = installationPayload(state, found.id);
    await hooks.send("installation", {
      action: "created",
      installation,
      repositories,
      sender: senderOf(state, login),
    });
  }
  return found.id;
}

/** A code of the web flow, as if `login` had pressed Authorize. */
export async function codeFor(state: FakeState, login: string, redirectUri: string): Promise<string> {
  const response = await fetch(`${state.emulator}/login/oauth/callback`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({
      login,
      redirect_uri: redirectUri,
      client_id: state.app.clientId,
      state: "",
      scope: "",
    }),
  });
  const code = new URL(response.headers.get("location") ?? "").searchParams.get("code");
  if (code === null) throw new Error("no code");
  return code;
}

function refuseAuthorisation({ app }: FakeState, { url }: Visit): Answer | null {
  if (url.searchParams.get("client_id") !== app.clientId) return { status: 404, body: "Not Found" };
  const back = url.searchParams.get("redirect_uri");
  if (back !== null && !app.callbackUrls.some((known) => back === known || back.startsWith(`${known}/`))) {
    return { status: 400, body: "The redirect_uri is not associated with this application." };
  }
  return null;
}

function offerRepository({ url }: Visit): Answer {
  const value = (name: string) => escapeHtml(url.searchParams.get(name) ?? "");
  return page(
    "Create a new repository",
    `<form method="post" action="/new"><input name="owner" value="${value("owner")}"><input name="name" value="${value("name")}">
     ${field("visibility", url.searchParams.get("visibility") ?? "public")}<button>Create repository</button></form>`,
  );
}

async function makeRepository(state: FakeState, hooks: Hooks, { form }: Visit): Promise<Answer> {
  const made = await createRepository(state, hooks, {
    owner: form.get("owner") ?? "",
    name: form.get("name") ?? "",
    private: form.get("visibility") === "private",
  });
  return page(made.full_name, "Quick setup");
}

/** A repository as a person makes it on GitHub's page: empty, unless asked otherwise. */
export async function createRepository(
  state: FakeState,
  hooks: Hooks,
  wanted: { owner: string; name: string; private?: boolean; autoInit?: boolean },
): Promise<Repository> {
  const { owner, name } = wanted;
  const person = state.members.get(owner)?.[0] ?? owner;
  const made = await askEmulator<Repository>(
    state,
    person,
    "POST",
    state.members.has(owner) ? `/orgs/${owner}/repos` : "/user/repos",
    { name, private: wanted.private ?? false, auto_init: wanted.autoInit ?? false },
  );
  if (!made) throw new Error(`could not make ${owner}/${name}`);
  state.repositories.set(made.id, { id: made.id, owner, name });
  const installation = [...state.installations.values()].find((one) => one.account.login === owner);
  if (installation?.installed && installation.selection === "all") {
    await hooks.send("installation_repositories", {
      action: "added",
      installation: installationPayload(state, installation.id),
      repository_selection: "all",
      repositories_added: [briefly(made)],
      repositories_removed: [],
      requester: null,
      sender: senderOf(state, person),
    });
  }
  return made;
}

/** A repository, as lists in payloads have it. */
export function briefly(repository: Repository) {
  const { id, name, full_name } = repository;
  return { id, node_id: `R_${id}`, name, full_name, private: repository.private };
}
