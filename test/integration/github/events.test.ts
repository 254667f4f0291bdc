import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { chooseRepository } from "#github/choose-repository.ts";
import { handleDelivery } from "#github/handle-delivery.ts";
import { listOffers } from "#github/list-offers.ts";
import { readConnection } from "#github/read-connection.ts";
import { createLogger } from "#platform/log.ts";
import { type GitHubDesk, openGitHubDesk } from "../../support/github.ts";

let desk: GitHubDesk;
let alice: string;
let installationId: number;

beforeAll(async () => {
  desk = await openGitHubDesk({
    repositories: [
      { owner: "alice", name: "desk", autoInit: true },
      { owner: "alice", name: "other", autoInit: true },
    ],
  });
  installationId = await desk.fake.install("alice");
  alice = await desk.connected("alice", installationId);
  await chooseRepository(desk.db, desk.github, { userId: alice, owner: "alice", name: "desk" });
});

afterEach(() => expect(desk.fake.violations.splice(0)).toEqual([]));
afterAll(() => desk?.close());

const handle = (event: string, payload: unknown, receivedAt = new Date()) => {
  const log = createLogger("test", "silent");
  return handleDelivery({ db: desk.db, github: desk.github, log, receivedAt }, event, payload);
};

/** Everything that GitHub has said since the last time, in the order of `order`, as if it came just now. */
async function workOff(order: (deliveries: { event: string; payload: unknown }[]) => void = () => undefined) {
  const deliveries = desk.fake.hooks.deliveries.splice(0);
  order(deliveries);
  for (const { event, payload } of deliveries) await handle(event, payload);
}

const state = async () => (await readConnection(desk.db, desk.github, alice)).repository?.state;

test("suspended, taken up again, taken away, given back: each is shown", async () => {
  await desk.fake.suspend(installationId, true);
  await workOff();
  expect(await state()).toBe("suspended");
  await desk.fake.suspend(installationId, false);
  await workOff();
  expect(await state()).toBe("active");
  await desk.fake.select(installationId, ["other"]);
  await workOff();
  expect(await state()).toBe("out_of_reach");
  expect((await listOffers(desk.db, alice, { limit: 50 })).repositories.map(({ name }) => name)).toEqual([
    "other",
  ]);
  await desk.fake.select(installationId, ["other", "desk"]);
  await workOff();
  expect(await state()).toBe("active");
});

test("in whatever order the events come, what holds in the end is what holds on GitHub", async () => {
  await desk.fake.suspend(installationId, true);
  await desk.fake.suspend(installationId, false);
  await desk.fake.suspend(installationId, true);
  await desk.fake.suspend(installationId, false);
  await workOff((deliveries) => deliveries.reverse());
  expect(await state()).toBe("active");
});

test("a renamed repository is followed by its number", async () => {
  await desk.fake.rename("alice", "desk", "bureau");
  await workOff();
  expect((await readConnection(desk.db, desk.github, alice)).repository).toMatchObject({
    name: "bureau",
    state: "active",
  });
});

test("an event from before GitHub was asked last costs no request", async () => {
  await workOff();
  const before = desk.fake.state.requests.length;
  const long = new Date(Date.now() - 60_000);
  for (let n = 0; n < 50; n += 1)
    await handle("installation", { installation: { id: installationId } }, long);
  expect(desk.fake.state.requests.length).toBe(before);
});

test("events of an installation that nobody here uses cost no request and leave nothing", async () => {
  const before = desk.fake.state.requests.length;
  await handle("installation", { action: "created", installation: { id: 987_654 } });
  expect(desk.fake.state.requests.length).toBe(before);
  const { rowCount } = await desk.db.pool.query("SELECT FROM github_installations WHERE id = 987654");
  expect(rowCount).toBe(0);
});

interface Example {
  name: string;
  examples: object[];
}

const EXAMPLES = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve("@octokit/webhooks-examples"), "utf8"),
) as Example[];
const OURS = ["installation", "installation_repositories", "repository", "github_app_authorization"];

test.each(EXAMPLES.filter(({ name }) => OURS.includes(name)).map((one) => [one.name, one.examples] as const))(
  "every published example of %s is worked off",
  async (name, examples) => {
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) await handle(name, example);
    expect(await state()).toBe("active");
  },
);

test("a deleted repository, a removed App and a withdrawn authorisation are told apart", async () => {
  await desk.fake.remove("alice", "bureau");
  await workOff();
  expect(await state()).toBe("deleted");
  await desk.fake.uninstall(installationId);
  await workOff();
  expect((await readConnection(desk.db, desk.github, alice)).installation?.status).toBe("removed");
  const sender = desk.fake.state.accounts.find(({ login }) => login === "alice");
  await handle("github_app_authorization", { action: "revoked", sender });
  expect(await readConnection(desk.db, desk.github, alice)).toMatchObject({
    account: null,
    installations: [],
  });
});
