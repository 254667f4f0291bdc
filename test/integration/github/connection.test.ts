import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createSession } from "#accounts/sessions.ts";
import { findOrCreateUser } from "#accounts/users.ts";
import { DEFAULT_POLICY } from "#agents/agent.ts";
import { createAgent } from "#agents/create-agent.ts";
import { chooseRepository } from "#github/choose-repository.ts";
import { connectUser } from "#github/connect-user.ts";
import { disconnectUser } from "#github/disconnect-user.ts";
import { requestImport } from "#github/import-repository.ts";
import { listOffers } from "#github/list-offers.ts";
import { readConnection } from "#github/read-connection.ts";
import { refreshInstallation } from "#github/refresh-installation.ts";
import { refreshUser } from "#github/refresh-user.ts";
import { issueState, takeState } from "#github/states.ts";
import { sha256 } from "#platform/crypto.ts";
import { type GitHubDesk, openGitHubDesk } from "../../support/github.ts";

let desk: GitHubDesk;
let ofAlice: number;
let ofAcme: number;

beforeAll(async () => {
  desk = await openGitHubDesk({
    users: ["alice", "bob", "mallory"],
    organisations: { acme: ["alice"] },
    repositories: [
      { owner: "alice", name: "desk", autoInit: true },
      { owner: "alice", name: "empty" },
      { owner: "alice", name: "diary", private: true, autoInit: true },
      { owner: "acme", name: "shared", private: true, autoInit: true },
      { owner: "acme", name: "open", autoInit: true },
    ],
  });
  ofAlice = await desk.fake.install("alice");
  ofAcme = await desk.fake.install("alice", "acme");
});

afterEach(() => expect(desk.fake.violations.splice(0)).toEqual([]));
afterAll(() => desk?.close());

const offered = async (userId: string) =>
  (await listOffers(desk.db, userId, { limit: 50 })).repositories.map(
    ({ owner, name }) => `${owner}/${name}`,
  );

const rowsOf = async (userId: string) => {
  const tables = ["github_accounts", "github_installation_users", "github_offers", "github_repositories"];
  const counts = await Promise.all(
    tables.map((table) => desk.db.pool.query(`SELECT FROM ${table} WHERE user_id = $1`, [userId])),
  );
  return counts.map(({ rowCount }) => rowCount);
};

test("a user gets the installations that GitHub confirms, and the repositories that they may push to", async () => {
  const alice = await desk.connected("alice", ofAlice);
  const connection = await readConnection(desk.db, desk.github, alice);
  expect(connection).toMatchObject({ configured: true, missing: [], account: "alice", repository: null });
  expect(connection.installations.map(({ account }) => account).sort()).toEqual(["acme", "alice"]);
  expect(await offered(alice)).toEqual([
    "acme/open",
    "acme/shared",
    "alice/desk",
    "alice/diary",
    "alice/empty",
  ]);
});

test("the user's token is revoked at once and stands in no row", async () => {
  await desk.connected("alice", ofAlice);
  const tokens = [...desk.fake.state.tokens].filter(([token]) => token.startsWith("gho_"));
  expect(tokens.length).toBeGreaterThan(0);
  expect(tokens.every(([, { revoked }]) => revoked)).toBe(true);
  const { rows } = await desk.db.pool.query("SELECT * FROM github_accounts, github_installations");
  expect(JSON.stringify(rows)).not.toMatch(/gh[a-z]_/);
});

test("another user's installation in the address of the callback gives nothing", async () => {
  const mallory = await findOrCreateUser(desk.db, { email: "mallory@example.org" });
  await expect(desk.connected("mallory", ofAlice)).rejects.toMatchObject({ code: "forbidden" });
  expect(await rowsOf(mallory.id)).toEqual([0, 0, 0, 0]);
  const withoutId = await desk.connected("mallory");
  expect((await readConnection(desk.db, desk.github, withoutId)).installations).toEqual([]);
});

test("a code is good once", async () => {
  const { id } = await findOrCreateUser(desk.db, { email: "alice@example.org" });
  const given = {
    userId: id,
    code: await desk.fake.codeFor("alice"),
    redirectUri: `${desk.fake.url}/callback`,
    installationId: null,
  };
  await connectUser(desk.db, desk.github, given);
  await expect(connectUser(desk.db, desk.github, given)).rejects.toMatchObject({
    details: { reason: "code" },
  });
});

test("a state comes back once, in its own session, for its own purpose", async () => {
  const [alice, mallory] = await Promise.all(
    ["alice", "mallory"].map((name) => findOrCreateUser(desk.db, { email: `${name}@example.org` })),
  );
  if (!alice || !mallory) throw new Error("no users");
  const session = async (userId: string) =>
    sha256((await createSession(desk.db, { userId, userAgent: null })).token);
  const own = { userId: alice.id, sessionHash: await session(alice.id), purpose: "connect" } as const;
  const state = await issueState(desk.db, own);
  const refused = { details: { reason: "state" } };
  await expect(takeState(desk.db, "forged", own)).rejects.toMatchObject(refused);
  const other = { ...own, sessionHash: await session(alice.id) };
  await expect(takeState(desk.db, state, other)).rejects.toMatchObject(refused);
  await expect(takeState(desk.db, state, { ...own, userId: mallory.id })).rejects.toMatchObject(refused);
  await expect(takeState(desk.db, state, { ...own, purpose: "manifest" })).rejects.toMatchObject(refused);
  await takeState(desk.db, state, own);
  await expect(takeState(desk.db, state, own)).rejects.toMatchObject(refused);
  const late = await issueState(desk.db, own);
  await desk.db.pool.query("UPDATE github_states SET expires_at = now() - interval '1 ms'");
  await expect(takeState(desk.db, late, own)).rejects.toMatchObject(refused);
});

test("what was made on GitHub a moment ago is found, though GitHub was asked a moment ago", async () => {
  const alice = await desk.connected("alice", ofAlice);
  await desk.fake.createRepository({ owner: "alice", name: "fresh" });
  await refreshUser(desk.db, desk.github, alice);
  expect(await offered(alice)).toContain("alice/fresh");
  await desk.fake.remove("alice", "fresh");
});

test("a chosen repository is the only one, and an empty one gets its first commit", async () => {
  const alice = await desk.connected("alice", ofAlice);
  await chooseRepository(desk.db, desk.github, { userId: alice, owner: "alice", name: "desk" });
  await chooseRepository(desk.db, desk.github, { userId: alice, owner: "alice", name: "empty" });
  const { repository } = await readConnection(desk.db, desk.github, alice);
  expect(repository).toMatchObject({ owner: "alice", name: "empty", defaultBranch: "main", state: "active" });
  const commits = await desk.fake.as<unknown[]>("alice", "GET", "/repos/alice/empty/commits");
  expect(commits).toHaveLength(1);
  await chooseRepository(desk.db, desk.github, { userId: alice, owner: "alice", name: "empty" });
  expect(await desk.fake.as<unknown[]>("alice", "GET", "/repos/alice/empty/commits")).toHaveLength(1);
});

test("a repository of another tenant cannot be chosen, whatever is named", async () => {
  const mallory = await desk.connected("mallory");
  for (const [owner, name] of [
    ["alice", "desk"],
    ["alice", "diary"],
    ["acme", "shared"],
    ["acme", "open"],
    ["mallory", "nothing"],
  ] as const) {
    const choice = { userId: mallory, owner, name };
    await expect(chooseRepository(desk.db, desk.github, choice)).rejects.toMatchObject({ code: "not_found" });
  }
  expect((await rowsOf(mallory)).at(-1)).toBe(0);
});

test("of an organisation's installation a member reaches only what they may push to", async () => {
  const bob = await findOrCreateUser(desk.db, { email: "bob@example.org" });
  await desk.fake.as("alice", "PUT", "/repos/acme/open/collaborators/bob", { permission: "pull" });
  await desk.fake.as("alice", "PUT", "/repos/acme/shared/collaborators/bob", { permission: "pull" });
  // As if GitHub had confirmed the installation to somebody who can only read there.
  await desk.connected("bob");
  await desk.db.pool.query(
    "INSERT INTO github_installation_users (user_id, installation_id) VALUES ($1, $2)",
    [bob.id, ofAcme],
  );
  const choice = { userId: bob.id, owner: "acme", name: "shared" };
  await expect(chooseRepository(desk.db, desk.github, choice)).rejects.toMatchObject({ code: "not_found" });
});

test("what a member may not push to is asked once, by whatever occasion, and again only when they want to know", async () => {
  const bob = (await findOrCreateUser(desk.db, { email: "bob@example.org" })).id;
  const asked = async (work: () => Promise<void>) => {
    const from = desk.fake.state.requests.length;
    await work();
    const paths = desk.fake.state.requests.slice(from).map(({ path }) => path);
    return paths.filter((path) => path.includes("/collaborators/bob/")).length;
  };
  expect(await asked(() => refreshInstallation(desk.db, desk.github, ofAcme))).toBe(2);
  for (let event = 0; event < 3; event += 1)
    expect(await asked(() => refreshInstallation(desk.db, desk.github, ofAcme))).toBe(0);
  expect(await offered(bob)).toEqual([]);
  await desk.fake.as("alice", "PUT", "/repos/acme/open/collaborators/bob", { permission: "push" });
  expect(await asked(() => refreshUser(desk.db, desk.github, bob))).toBe(2);
  expect(await offered(bob)).toEqual(["acme/open"]);
  // A new repository is a new question, and what is open to them stays without one.
  await desk.fake.createRepository({ owner: "acme", name: "later", autoInit: true });
  expect(await asked(() => refreshInstallation(desk.db, desk.github, ofAcme))).toBe(1);
  expect(await asked(() => refreshInstallation(desk.db, desk.github, ofAcme))).toBe(0);
  expect(await offered(bob)).toEqual(["acme/open"]);
  await desk.fake.remove("acme", "later");
});

test("a repository that the App was not given cannot be chosen, though it is public", async () => {
  const alice = await desk.connected("alice", ofAlice);
  await desk.fake.select(ofAlice, ["diary"]);
  const choice = { userId: alice, owner: "alice", name: "desk" };
  await expect(chooseRepository(desk.db, desk.github, choice)).rejects.toThrow();
  desk.fake.state.installations.set(ofAlice, {
    ...(desk.fake.state.installations.get(ofAlice) as never as object),
    selection: "all",
  } as never);
});

test("access that GitHub took back does not return with the next look at the installation", async () => {
  const alice = await desk.connected("alice", ofAcme);
  await chooseRepository(desk.db, desk.github, { userId: alice, owner: "acme", name: "open" });
  const state = async () => (await readConnection(desk.db, desk.github, alice)).repository?.state;
  await refreshInstallation(desk.db, desk.github, ofAcme);
  expect(await state()).toBe("active");
  await desk.db.pool.query("DELETE FROM github_installation_users WHERE user_id = $1", [alice]);
  const { id } = await createAgent(desk.db.pool, alice, {
    name: "Code",
    engine: "builder",
    policy: DEFAULT_POLICY,
  });
  const asked = requestImport(desk.db, { userId: alice, agentId: id, branch: null });
  await expect(asked).rejects.toMatchObject({ code: "conflict", details: { missing: ["repository"] } });
  await refreshInstallation(desk.db, desk.github, ofAcme);
  expect(await state()).toBe("out_of_reach");
});

test("another person behind the same account chooses anew, though both reach the installation", async () => {
  const alice = await desk.connected("alice", ofAcme);
  await chooseRepository(desk.db, desk.github, { userId: alice, owner: "acme", name: "open" });
  await desk.db.pool.query("UPDATE github_accounts SET github_id = 1 WHERE user_id = $1", [alice]);
  await desk.connected("alice", ofAcme);
  const { repository } = await readConnection(desk.db, desk.github, alice);
  expect(repository?.state).toBe("out_of_reach");
});

test("who comes back as somebody else keeps nothing of the former", async () => {
  const alice = await desk.connected("alice", ofAlice);
  await chooseRepository(desk.db, desk.github, { userId: alice, owner: "alice", name: "desk" });
  const code = await desk.fake.codeFor("mallory");
  const given = { userId: alice, code, redirectUri: `${desk.fake.url}/callback`, installationId: null };
  await connectUser(desk.db, desk.github, given);
  const connection = await readConnection(desk.db, desk.github, alice);
  expect(connection).toMatchObject({
    account: "mallory",
    installations: [],
    repository: { state: "out_of_reach" },
  });
  await disconnectUser(desk.db, alice);
  expect(await rowsOf(alice)).toEqual([0, 0, 0, 0]);
});
