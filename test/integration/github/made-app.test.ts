import { afterAll, beforeAll, expect, test } from "vitest";
import { createUser } from "#accounts/users.ts";
import { createGitHub, type GitHub } from "#github/app.ts";
import { convertManifest, manifestOf, manifestTarget } from "#github/manifest.ts";
import { readApp } from "#github/read-app.ts";
import { createLogger } from "#platform/log.ts";
import { type FakeGitHub, startFakeGitHub } from "../../fakes/github.ts";
import { freshDatabase, type TestDatabase } from "../../support/database.ts";

let fake: FakeGitHub;
let database: TestDatabase;
let github: GitHub;

beforeAll(async () => {
  fake = await startFakeGitHub();
  database = await freshDatabase();
  github = createGitHub({
    db: database.db,
    log: createLogger("test", "silent"),
    apiUrl: fake.url,
    webUrl: fake.url,
    variables: {},
    keySecret: "a-secret-for-tests-of-the-github-app-only",
  });
});

afterAll(async () => {
  await fake?.close();
  await database?.drop();
});

const APP_URL = new URL("https://carrel.example");

/** As an operator presses "Create GitHub App". @returns the code that GitHub sends back */
async function press(organisation: string | null): Promise<string> {
  const manifest = JSON.stringify(manifestOf(APP_URL));
  const target = manifestTarget(fake.url, "state", organisation);
  const page = await (
    await fetch(target, { method: "POST", body: new URLSearchParams({ manifest }) })
  ).text();
  const owner = /name="organisation" value="([^"]*)"/.exec(page)?.[1] ?? "";
  const made = await fetch(`${fake.url}/settings/apps/make`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ manifest, state: "state", organisation: owner }),
  });
  return new URL(made.headers.get("location") ?? "").searchParams.get("code") ?? "";
}

test.each([
  [null, "alice", "/settings/apps/carrel-desk"],
  ["acme", "acme", "/organizations/acme/settings/apps/carrel-desk"],
])("an App that %s owns is administered where its owner's are", async (organisation, owner, path) => {
  const { id } = await createUser(database.db, { email: `${owner}@example.org` });
  await github.credentials.keep(await convertManifest(github, await press(organisation), id));
  const { app } = await readApp(database.db, github, APP_URL);
  expect(app).toMatchObject({ owner, settingsUrl: `${fake.url}${path}` });
  expect(fake.violations).toEqual([]);
});
