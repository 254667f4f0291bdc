import type { Browser, Page } from "@playwright/test";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSignInCode } from "#accounts/local-sign-in.ts";
import { browserPath, DESKTOP, launchBrowser, NO_BROWSER, openContext } from "../support/browser.ts";
import { type Stack, startStack } from "../support/stack.ts";

const WINDOWS = 10;
const TYPED = "Write a data report: 북 120, 東 95 🙂";

describe("many windows on one run", { timeout: 180_000 }, () => {
  let browser: Browser;
  let stack: Stack;

  beforeAll(async () => {
    if (!browserPath) return;
    stack = await startStack({ demoDelayMs: 6 });
    browser = await launchBrowser();
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  }, 60_000);

  beforeEach(({ skip }) => {
    if (!browserPath) skip(NO_BROWSER);
  });

  /** What a window shows of the run: the seq it has come to, and its lines. */
  const shown = (page: Page) =>
    page.getByTestId("timeline").evaluate((timeline) => ({
      seq: Number(timeline.getAttribute("data-seq")),
      lines: [...timeline.querySelectorAll("ol button")].map((line) => line.textContent),
    }));

  test("ten windows, one of them reloaded in mid-run, show the same events", async () => {
    const { context, complaints } = await openContext(browser, DESKTOP);
    const first = await context.newPage();
    await first.goto(`${stack.webUrl}/sign-in/local?code=${await createSignInCode(stack.database.db)}`);
    await first.getByRole("button", { name: /command-line expense tracker/ }).click();
    await first.waitForURL(/\/agents\/[0-9a-f-]{36}$/);
    const others = await Promise.all(Array.from({ length: WINDOWS - 1 }, () => context.newPage()));
    await Promise.all(others.map((page) => page.goto(first.url(), { timeout: 120_000 })));
    await first
      .getByTestId("timeline")
      .getByText(/^Write /)
      .first()
      .waitFor();
    await first.reload({ timeout: 120_000 });

    const pages = [first, ...others];
    await Promise.all(
      pages.map((page) => page.getByRole("region", { name: "Review" }).waitFor({ timeout: 120_000 })),
    );
    const { rows } = await stack.database.db.pool.query<{ last: number; count: number }>(
      "SELECT max(seq)::int AS last, count(*)::int AS count FROM run_events",
    );
    const views = await Promise.all(pages.map(shown));
    expect(rows[0]?.count).toBe(rows[0]?.last);
    expect(views.map(({ seq }) => seq)).toEqual(pages.map(() => rows[0]?.last));
    expect(new Set(views.map(({ lines }) => lines.join("\n"))).size).toBe(1);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("what is typed while the line is down is sent once, when it is back", async () => {
    const { context } = await openContext(browser, DESKTOP);
    const page = await context.newPage();
    await page.goto(`${stack.webUrl}/sign-in/local?code=${await createSignInCode(stack.database.db)}`);
    await page.goto(`${stack.webUrl}/agents/new`);
    await page.getByRole("main").getByRole("textbox", { name: "Name of the agent" }).fill("오프라인 보고서");
    await page.keyboard.press("Enter");
    const message = page.getByRole("textbox", { name: "Message" });
    await message.waitFor();
    await context.setOffline(true);
    await page.getByTestId("connection-line").waitFor();
    await message.fill(TYPED);
    await message.press("Enter");
    await page.getByText("Kept here; sent once the line is back").waitFor();
    await context.setOffline(false);
    await page.getByRole("region", { name: "Review" }).waitFor({ timeout: 120_000 });
    const { rows } = await stack.database.db.pool.query(
      "SELECT count(*)::int AS count FROM messages WHERE role = 'user' AND text = $1",
      [TYPED],
    );
    expect(rows).toEqual([{ count: 1 }]);
    await context.close();
  });

  test("a window goes on by itself when web was killed in mid-run and is back", async () => {
    const { context } = await openContext(browser, DESKTOP);
    const page = await context.newPage();
    await page.goto(`${stack.webUrl}/sign-in/local?code=${await createSignInCode(stack.database.db)}`);
    await page.goto(`${stack.webUrl}/agents/new`);
    await page.getByRole("main").getByRole("textbox", { name: "Name of the agent" }).fill("Kelvin");
    await page.keyboard.press("Enter");
    const message = page.getByRole("textbox", { name: "Message" });
    await message.fill("Write a temperature converter library in Python.");
    await message.press("Enter");
    await page
      .getByTestId("timeline")
      .getByText(/^Write /)
      .first()
      .waitFor();
    await stack.kill("web");
    await page.getByTestId("connection-line").waitFor();
    await stack.restart("web");
    await page.getByRole("region", { name: "Review" }).waitFor({ timeout: 120_000 });
    await page.getByTestId("connection-line").waitFor({ state: "detached" });
    const { rows } = await stack.database.db.pool.query<{ last: number }>(
      "SELECT last_seq AS last FROM runs JOIN agents a ON a.id = agent_id WHERE a.name = 'Kelvin'",
    );
    await expect.poll(async () => (await shown(page)).seq).toBe(rows[0]?.last);
    await context.close();
  });
});
