import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createEmulator } from "emulate";
import { freePorts } from "../support/free-ports.ts";
import { type GitServer, gitServer } from "./git-server.ts";
import { answerDoor, type Door, EVENTS } from "./github/door.ts";
import { askEmulator, ownerOf, type Repository, repositoriesOf } from "./github/emulator.ts";
import { gitBridge } from "./github/git-bridge.ts";
import { createHooks, type Hooks, installationPayload, senderOf } from "./github/hooks.ts";
import { briefly, codeFor, createRepository, installAs } from "./github/pages.ts";
import { isMerge, mergePull, showHeads } from "./github/pull-heads.ts";
import type { Account, FakeState, Installation, Issued, KnownRepository } from "./github/state.ts";

/**
 * GitHub on its real wire: `emulate` (data, rights, tokens, pull requests) behind a door that adds what it lacks
 * (installing, users' installations, revocation, the manifest, git itself), refuses what GitHub refuses, checks each
 * request against GitHub's published description, and signs webhooks.
 */
export interface FakeGitHub {
  /** for GITHUB_URL and GITHUB_API_URL alike */
  url: string;
  /** the App's variables, for an installation that is configured by its environment */
  env: Record<string, string>;
  state: FakeState;
  hooks: Hooks;
  git: GitServer;
  /** what GitHub's own description would not have let through; a test expects none */
  violations: string[];
  /** where codes and events may go */
  connect(webUrl: string): void;
  /** A request to the API as a person, past the door's checks. @returns null for 404 */
  as<T>(login: string, method: string, path: string, body?: unknown): Promise<T | null>;
  createRepository(wanted: {
    owner: string;
    name: string;
    private?: boolean;
    autoInit?: boolean;
  }): Promise<Repository>;
  /** as the account's owner presses Install. @returns the installation's id */
  install(login: string, account?: string): Promise<number>;
  /** a code of the web flow, as if this person had pressed Authorize */
  codeFor(login: string): Promise<string>;
  suspend(installationId: number, suspended: boolean): Promise<void>;
  uninstall(installationId: number): Promise<void>;
  /** Leaves the App only these of the account's repositories. */
  select(installationId: number, names: string[]): Promise<void>;
  /** Renames, deletes or transfers, with the event that GitHub sends. */
  rename(owner: string, name: string, to: string): Promise<void>;
  remove(owner: string, name: string): Promise<void>;
  close(): Promise<void>;
}

export interface FakeGitHubOptions {
  users?: string[];
  /** organisations, with their members; the first is the owner */
  organisations?: Record<string, string[]>;
  repositories?: { owner: string; name: string; private?: boolean; autoInit?: boolean }[];
}

export async function startFakeGitHub(options: FakeGitHubOptions = {}): Promise<FakeGitHub> {
  const users = options.users ?? ["alice", "mallory"];
  const members = new Map(Object.entries(options.organisations ?? { acme: ["alice"] }));
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [port = 0] = await freePorts(1);
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const seed = seedOf({ url, users, members, privateKey });
  const emulator = await createEmulator({ service: "github", port, baseUrl: url, seed });
  const state: FakeState = {
    url,
    emulator: `http://127.0.0.1:${port}`,
    app: { ...APP, privateKey, callbackUrls: [], webhookUrl: null, manifest: null },
    accounts: await accountsOf(`http://127.0.0.1:${port}`, users, [...members.keys()]),
    members,
    installations: new Map(),
    repositories: new Map(),
    tokens: new Map(users.map((login) => [`ghp_of_${login}`, personOf(login)])),
    personTokens: new Map(users.map((login) => [login, `ghp_of_${login}`])),
    manifestCodes: new Map(),
    requests: [],
    violations: [],
    faults: [],
  };
  for (const [n, account] of state.accounts.entries()) {
    const id = FIRST_INSTALLATION + n;
    state.installations.set(id, {
      id,
      account,
      installed: false,
      suspended: false,
      selection: "all",
      repositories: new Set(),
    });
  }
  const root = await mkdtemp(path.join(tmpdir(), "carrel-fake-github-"));
  const git = gitServer(root);
  const door = { state, hooks: createHooks(state), git, bridge: gitBridge(state, git) };
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    answerDoor(door, request, response).catch((error: unknown) => {
      state.violations.push(`the fake failed: ${error instanceof Error ? error.stack : error}`);
      response.destroy();
    });
  });
  for (const wanted of options.repositories ?? []) await createRepository(state, door.hooks, wanted);
  return controlsOf(door, async () => {
    server.closeAllConnections();
    server.close();
    await emulator.close();
    await rm(root, { recursive: true, force: true });
  });
}

const FIRST_INSTALLATION = 1001;

const APP = {
  id: 12345,
  slug: "carrel-desk",
  name: "Carrel desk",
  clientId: "Iv23.fake",
  clientSecret: "client-secret-of-the-fake",
  webhookSecret: "webhook-secret-of-the-fake",
};

const PERMISSIONS = {
  contents: "write",
  pull_requests: "write",
  checks: "read",
  issues: "read",
  metadata: "read",
};

function seedOf(given: { url: string; users: string[]; members: Map<string, string[]>; privateKey: string }) {
  const { url, users, members, privateKey } = given;
  const accounts = [...users, ...members.keys()];
  return {
    tokens: Object.fromEntries(
      users.map((login) => [`ghp_of_${login}`, { login, scopes: ["repo", "user", "admin:org"] }]),
    ),
    github: {
      users: users.map((login) => ({ login, name: login, email: `${login}@example.org` })),
      orgs: [...members].map(([login, people]) => ({
        login,
        members: people.map((member, n) => ({ login: member, role: n === 0 ? "admin" : "member" })),
      })),
      apps: [
        {
          app_id: APP.id,
          slug: APP.slug,
          name: APP.name,
          private_key: privateKey,
          permissions: PERMISSIONS,
          events: ["*"],
          webhook_url: `${url}${EVENTS}`,
          installations: accounts.map((account, n) => ({
            installation_id: FIRST_INSTALLATION + n,
            account,
            repository_selection: "all",
          })),
        },
      ],
    },
  };
}

async function accountsOf(emulator: string, users: string[], organisations: string[]): Promise<Account[]> {
  const read = async (type: Account["type"], login: string): Promise<Account> => {
    const response = await fetch(`${emulator}/${type === "User" ? "users" : "orgs"}/${login}`);
    const { id } = (await response.json()) as { id: number };
    return { id, login, type };
  };
  return Promise.all([
    ...users.map((login) => read("User", login)),
    ...organisations.map((login) => read("Organization", login)),
  ]);
}

function personOf(login: string): Issued {
  return { kind: "user", login, repositoryIds: null, issuedAt: Date.now(), revoked: false };
}

function controlsOf(door: Door, close: () => Promise<void>): FakeGitHub {
  const { state, hooks, git } = door;
  const { app, url } = state;
  const ask = <T>(login: string, method: string, where: string, body?: unknown) =>
    askEmulator<T>(state, login, method, where, body);

  /** One of an account's installation, as the event has it. */
  async function tell(id: number, event: string, action: string, more: object = {}): Promise<void> {
    const installation = installationPayload(state, id);
    const sender = senderOf(state, ownerOf(state, installation.account.login));
    await hooks.send(event, { action, installation, sender, ...more });
  }

  async function tellRepository(
    owner: string,
    repository: unknown,
    action: string,
    more: object = {},
  ): Promise<void> {
    const found = [...state.installations.values()].find(
      (one) => one.account.login === owner && one.installed,
    );
    if (found) {
      const sender = senderOf(state, ownerOf(state, owner));
      await hooks.send("repository", { action, repository, installation: { id: found.id }, sender, ...more });
    }
  }

  const installation = (id: number): Installation => {
    const found = state.installations.get(id);
    if (!found) throw new Error(`no installation ${id}`);
    return found;
  };

  const known = (owner: string, name: string): KnownRepository => {
    const found = [...state.repositories.values()].find((one) => one.owner === owner && one.name === name);
    if (!found) throw new Error(`no repository ${owner}/${name}`);
    return found;
  };

  return {
    url,
    env: {
      GITHUB_URL: url,
      GITHUB_API_URL: url,
      GITHUB_APP_ID: String(app.id),
      GITHUB_APP_PRIVATE_KEY: app.privateKey,
      GITHUB_APP_CLIENT_ID: app.clientId,
      GITHUB_APP_CLIENT_SECRET: app.clientSecret,
      GITHUB_APP_WEBHOOK_SECRET: app.webhookSecret,
    },
    state,
    hooks,
    git,
    violations: state.violations,
    connect(webUrl) {
      app.callbackUrls = [`${webUrl}/github/callback`];
      app.webhookUrl = `${webUrl}/api/webhooks/github`;
    },
    as: async <T>(login: string, method: string, where: string, body?: unknown) =>
      isMerge(method, where)
        ? ((await mergePull(door, login, where)) as T)
        : showHeads(state, await ask<T>(login, method, where, body)),
    createRepository: (wanted) => createRepository(state, hooks, wanted),
    install: (login, account = login) => installAs(state, hooks, login, account),
    codeFor: (login) => codeFor(state, login, app.callbackUrls[0] ?? url),
    async suspend(id, suspended) {
      installation(id).suspended = suspended;
      await tell(id, "installation", suspended ? "suspend" : "unsuspend");
    },
    async uninstall(id) {
      installation(id).installed = false;
      await tell(id, "installation", "deleted", { repositories: [] });
    },
    async select(id, names) {
      const before = await repositoriesOf(state, id);
      const one = installation(id);
      one.selection = "selected";
      one.repositories = new Set(names.map((name) => known(one.account.login, name).id));
      const after = await repositoriesOf(state, id);
      const without = (all: Repository[], others: Repository[]) =>
        all.filter((repository) => !others.some((other) => other.id === repository.id)).map(briefly);
      const removed = without(before, after);
      const added = without(after, before);
      const more = {
        repository_selection: "selected",
        repositories_added: added,
        repositories_removed: removed,
        requester: null,
      };
      await tell(id, "installation_repositories", added.length > 0 ? "added" : "removed", more);
    },
    async rename(owner, name, to) {
      const repository = await ask<Repository>(ownerOf(state, owner), "PATCH", `/repos/${owner}/${name}`, {
        name: to,
      });
      known(owner, name).name = to;
      await tellRepository(owner, repository, "renamed", {
        changes: { repository: { name: { from: name } } },
      });
    },
    async remove(owner, name) {
      const repository = await ask<Repository>(ownerOf(state, owner), "GET", `/repos/${owner}/${name}`);
      await ask(ownerOf(state, owner), "DELETE", `/repos/${owner}/${name}`);
      state.repositories.delete(known(owner, name).id);
      await tellRepository(owner, repository, "deleted");
    },
    close,
  };
}
