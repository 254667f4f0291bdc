import { findOrCreateUser } from "#accounts/users.ts";
import { createGitHub, type GitHub } from "#github/app.ts";
import { connectUser } from "#github/connect-user.ts";
import { createLogger } from "#platform/log.ts";
import { type FakeGitHub, type FakeGitHubOptions, startFakeGitHub } from "../fakes/github.ts";
import { freshDatabase, type TestDatabase } from "./database.ts";

export interface GitHubDesk extends TestDatabase {
  fake: FakeGitHub;
  github: GitHub;
  /** a user of ours who is this person on GitHub, and has come back from there. @returns our id */
  connected(login: string, installationId?: number | null): Promise<string>;
  close(): Promise<void>;
}

export const SEALED_FOR_TESTS = "a-secret-that-seals-for-tests-alone";

/** A database and a GitHub, and what connects the two, without any process of ours. */
export async function openGitHubDesk(options: FakeGitHubOptions = {}): Promise<GitHubDesk> {
  const [fake, database] = await Promise.all([startFakeGitHub(options), freshDatabase()]);
  fake.state.app.callbackUrls = [`${fake.url}/callback`];
  const github = createGitHub({
    db: database.db,
    log: createLogger("test", "silent"),
    apiUrl: fake.url,
    webUrl: fake.url,
    variables: fake.env,
    keySecret: SEALED_FOR_TESTS,
  });
  return {
    ...database,
    fake,
    github,
    async connected(login, installationId = null) {
      const { id } = await findOrCreateUser(database.db, { email: `${login}@example.org` });
      const code = await fake.codeFor(login);
      const given = { userId: id, code, redirectUri: `${fake.url}/callback`, installationId };
      await connectUser(database.db, github, given);
      return id;
    },
    async close() {
      await fake.close();
      await database.drop();
    },
  };
}
