import type { Browser, BrowserContext, Page } from "@playwright/test";
import axe from "axe-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSignInCode } from "#accounts/local-sign-in.ts";
import { browserPath, DESKTOP, launchBrowser, NO_BROWSER, openContext, PHONE } from "../support/browser.ts";
import { type Stack, startStack } from "../support/stack.ts";

/** WCAG 2.2 A and AA, as far as a program can tell: names, roles, order, contrast. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

describe("the pages hold no barrier", { timeout: 180_000 }, () => {
  let browser: Browser;
  let stack: Stack;
  let context: BrowserContext;
  let page: Page;
  let agent: string;

  beforeAll(async () => {
    if (!browserPath) return;
    stack = await startStack();
    browser = await launchBrowser();
    ({ context } = await openContext(browser, DESKTOP));
    page = await context.newPage();
    await page.goto(`${stack.webUrl}/sign-in/local?code=${await createSignInCode(stack.database.db)}`);
    await page.getByRole("button", { name: /Roman numerals/ }).click();
    await page.waitForURL(/\/agents\/[0-9a-f-]{36}$/);
    await page.getByRole("region", { name: "Review" }).waitFor();
    agent = new URL(page.url()).pathname;
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  }, 60_000);

  beforeEach(({ skip }) => {
    if (!browserPath) skip(NO_BROWSER);
  });

  async function barriers(): Promise<string[]> {
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(
      (rules) => window.axe.run(document, { runOnly: rules }),
      RULES,
    );
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target} ${failureSummary}`),
    );
  }

  describe.each(["light", "dark"] as const)("in the %s theme", (scheme) => {
    beforeAll(async () => {
      await page?.emulateMedia({ colorScheme: scheme });
      await page?.setViewportSize(DESKTOP);
    });

    test.each(["/", "/agents/new", "/usage", "/workspace", "/settings"])("on %s", async (place) => {
      await page.goto(stack.webUrl + place);
      await page.waitForLoadState("networkidle");
      expect(await barriers()).toEqual([]);
    });

    test.each(["Timeline", "Files", "Changes"])("on an agent with its %s", async (tab) => {
      await page.goto(stack.webUrl + agent);
      await page.getByRole("tab", { name: tab, exact: true }).click();
      await page.waitForLoadState("networkidle");
      expect(await barriers()).toEqual([]);
    });

    test("on a phone, with the sheet of agents", async () => {
      await page.setViewportSize(PHONE);
      await page.goto(stack.webUrl + agent);
      await page.getByRole("button", { name: "Agents" }).click();
      await page.getByRole("dialog").waitFor();
      expect(await barriers()).toEqual([]);
    });
  });

  test("signed out", async () => {
    const stranger = await openContext(browser, DESKTOP);
    page = await stranger.context.newPage();
    await page.goto(`${stack.webUrl}/sign-in?error=code`);
    expect(await barriers()).toEqual([]);
    await stranger.context.close();
  });
});

declare global {
  interface Window {
    axe: typeof axe;
  }
}
