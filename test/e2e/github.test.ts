import type { Browser, Page } from "@playwright/test";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSignInCode } from "#accounts/local-sign-in.ts";
import { type FakeGitHub, startFakeGitHub } from "../fakes/github.ts";
import {
  browserPath,
  DESKTOP,
  launchBrowser,
  NO_BROWSER,
  openContext,
  PHONE,
  sidewaysScroll,
} from "../support/browser.ts";
import { type Stack, startStack } from "../support/stack.ts";

const REQUESTS = [
  "Write a JavaScript library that converts numbers to Roman numerals and back, and refuses what is not one.",
  "Say in the README that it was read in a browser.",
  "Say in the README that a third version exists.",
];

interface Pull {
  number: number;
  state: string;
  merged_at: string | null;
  head: { ref: string; sha: string };
  html_url: string;
}

describe("from installing the App to the second pull request", { timeout: 240_000 }, () => {
  let fake: FakeGitHub;
  let stack: Stack;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  let agentUrl: string;

  beforeAll(async () => {
    if (!browserPath) return;
    fake = await startFakeGitHub({ repositories: [{ owner: "alice", name: "desk", autoInit: true }] });
    stack = await startStack({ env: fake.env });
    fake.connect(stack.webUrl);
    browser = await launchBrowser();
    const opened = await openContext(browser, DESKTOP);
    complaints = opened.complaints;
    page = await opened.context.newPage();
    // The first visit of each page, beside four processes and a model, on a machine that may be busy.
    page.setDefaultNavigationTimeout(90_000);
    await page.goto(`${stack.webUrl}/sign-in/local?code=${await createSignInCode(stack.database.db)}`);
    await page.waitForURL(`${stack.webUrl}/`);
  }, 900_000);

  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
    await fake?.close();
  }, 60_000);

  beforeEach(({ skip }) => {
    if (!browserPath) skip(NO_BROWSER);
  });

  const main = () => page.getByRole("main");
  const pulls = async () =>
    ((await fake.as<Pull[]>("alice", "GET", "/repos/alice/desk/pulls?state=all&per_page=100")) ?? []).sort(
      (one, other) => one.number - other.number,
    );
  /** What a pull request would bring to the default branch, oldest first. */
  const commitsOf = async (pull: Pull | undefined) => {
    const path = `/repos/alice/desk/compare/main...${pull?.head.ref}`;
    const compared = await fake.as<{ commits: { commit: { message: string } }[] }>("alice", "GET", path);
    return compared?.commits ?? [];
  };

  /** What the versions say of themselves, by number. */
  const published = async () =>
    (
      await stack.database.db.pool.query<{
        number: number;
        state: string;
        pull: number | null;
        reason: unknown;
      }>(
        `SELECT v.number, p.state, p.pull_request_number AS pull, p.reason
           FROM versions v LEFT JOIN github_publications p ON p.version_id = v.id ORDER BY v.number`,
      )
    ).rows;
  const settled = async (number: number) => {
    const state = async () => (await published()).find((row) => row.number === number);
    await expect.poll(async () => (await state())?.state, { timeout: 90_000 }).toBe("published");
    return state();
  };

  /** Asks, waits for the review, approves, and waits until GitHub has the version. */
  async function approve(text: string, version: number): Promise<void> {
    await page.goto(agentUrl);
    const message = page.getByRole("textbox", { name: "Message" });
    await message.fill(text);
    await message.press("Enter");
    const review = page.getByRole("region", { name: "Review" });
    await review.waitFor({ timeout: 150_000 });
    await review.getByRole("button", { name: "Approve" }).click();
    await main()
      .getByRole("link", { name: `Version ${version}` })
      .waitFor({ timeout: 60_000 });
    await settled(version);
  }

  test("the App is installed on GitHub's page, and the browser comes back connected", async () => {
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByRole("menuitem", { name: "GitHub" }).click();
    await page.getByRole("link", { name: "Install on GitHub" }).click();
    await page.getByRole("button", { name: "Install on alice as alice" }).click();
    await page.waitForURL(`${stack.webUrl}/github`);
    await page.getByText("You are alice on GitHub.").waitFor();
  });

  test("a repository that was just made on GitHub is found, and the other one is chosen", async () => {
    const link = page.getByRole("link", { name: "make a new one on GitHub" });
    expect(await link.getAttribute("href")).toContain(`${fake.url}/new?owner=alice`);
    await fake.createRepository({ owner: "alice", name: "fresh" });
    await page.getByRole("button", { name: "Look again" }).click();
    await page.getByRole("button", { name: "Choose alice/fresh" }).waitFor();
    await page.getByRole("button", { name: "Choose alice/desk" }).click();
    await page.getByText("Connected", { exact: true }).waitFor();
    await page.setViewportSize(PHONE);
    expect(await sidewaysScroll(page)).toBe(0);
    await page.setViewportSize(DESKTOP);
  });

  test("an approved result is version 1, in pull request 1", async () => {
    await page.goto(`${stack.webUrl}/agents/new`);
    await main().getByRole("textbox", { name: "Name of the agent" }).fill("Roman numerals");
    await main().getByRole("button", { name: "Make agent" }).click();
    await page.waitForURL(/\/agents\/[0-9a-f-]{36}$/);
    agentUrl = page.url();
    await approve(REQUESTS[0] ?? "", 1);
    const all = await pulls();
    expect(all).toHaveLength(1);
    expect(all[0]?.head.ref).toMatch(/^carrel\/roman-numerals/);
    expect(await commitsOf(all[0])).toHaveLength(1);
  });

  test("the second run's result is version 2, in the same pull request", async () => {
    await approve(REQUESTS[1] ?? "", 2);
    const all = await pulls();
    expect(all).toHaveLength(1);
    const messages = (await commitsOf(all[0])).map(({ commit }) => commit.message);
    expect(messages).toHaveLength(2);
    expect(messages.at(-1)).toContain("Carrel-Version: 2");
  });

  test("after a merge, which GitHub tells, the third version opens a new pull request", async () => {
    const [first] = await pulls();
    await fake.as("alice", "PUT", `/repos/alice/desk/pulls/${first?.number}/merge`, {
      merge_method: "merge",
    });
    const known = async () =>
      (
        await stack.database.db.pool.query("SELECT state FROM github_pull_requests WHERE number = $1", [
          first?.number,
        ])
      ).rows[0]?.state;
    await expect.poll(known, { timeout: 30_000 }).toBe("merged");
    await approve(REQUESTS[2] ?? "", 3);
    const all = await pulls();
    expect(all.map(({ state }) => state)).toEqual(["closed", "open"]);
    expect((await settled(3))?.pull).toBe(all[1]?.number);
  });

  test("going back to version 1 is a version more, in the pull request that is open", async () => {
    await page.goto(`${agentUrl}/versions`);
    await page.getByRole("heading", { name: "Version 1", exact: true }).waitFor();
    await page.getByRole("button", { name: "Restore" }).last().click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Restore" }).click();
    await page.getByRole("heading", { name: "Version 4", exact: true }).waitFor({ timeout: 60_000 });
    const fourth = await settled(4);
    const all = await pulls();
    expect(all).toHaveLength(2);
    expect(fourth?.pull).toBe(all[1]?.number);
    expect(await commitsOf(all[1])).toHaveLength(2);
  });

  test("another agent begins with the repository's code", async () => {
    await page.goto(`${stack.webUrl}/agents/new`);
    await main().getByRole("textbox", { name: "Name of the agent" }).fill("On existing code");
    await main().getByRole("button", { name: "Make agent" }).click();
    await main().getByRole("button", { name: "Begin with this code" }).click();
    await main()
      .getByText(/files of alice\/desk \(main\) are here/)
      .waitFor({ timeout: 60_000 });
    await page.getByRole("tab", { name: "Files", exact: true }).click();
    await page.getByRole("button", { name: /package\.json/ }).waitFor();
  });

  test("there is one repository of the desk, there are two pull requests, and no branch is left over", async () => {
    const repositories = await fake.as<{ name: string }[]>("alice", "GET", "/user/repos");
    expect(repositories?.map(({ name }) => name).sort()).toEqual(["desk", "fresh"]);
    expect(await pulls()).toHaveLength(2);
    const refs = await fake.as<{ ref: string }[]>(
      "alice",
      "GET",
      "/repos/alice/desk/git/matching-refs/heads/carrel",
    );
    const heads = (await pulls()).map(({ head }) => `refs/heads/${head.ref}`);
    expect(refs?.map(({ ref }) => ref).every((ref) => heads.includes(ref))).toBe(true);
    expect((await published()).map(({ number, state }) => [number, state])).toEqual([
      [1, "published"],
      [2, "published"],
      [3, "published"],
      [4, "published"],
    ]);
  });

  test("no token was scoped wider than one repository, but to list them; every request was as GitHub describes it", () => {
    const wide = [...fake.state.tokens.values()].filter(
      ({ kind, repositoryIds, permissions }) =>
        kind === "installation" &&
        repositoryIds === null &&
        JSON.stringify(permissions) !== '{"metadata":"read"}',
    );
    expect(wide).toEqual([]);
    expect(
      [...fake.state.tokens.values()].filter(({ kind, revoked }) => kind === "user" && !revoked),
    ).toHaveLength(fake.state.personTokens.size);
    expect(fake.violations).toEqual([]);
  });

  test("the browser had nothing to complain of", () => {
    expect(complaints).toEqual([]);
  });
});
