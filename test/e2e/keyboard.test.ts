import type { Browser, Page } from "@playwright/test";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSignInCode } from "#accounts/local-sign-in.ts";
import { browserPath, DESKTOP, launchBrowser, NO_BROWSER, openContext } from "../support/browser.ts";
import { type Stack, startStack } from "../support/stack.ts";

describe("everything by the keyboard", { timeout: 120_000 }, () => {
  let browser: Browser;
  let stack: Stack;
  let page: Page;

  beforeAll(async () => {
    if (!browserPath) return;
    // Slow enough that a run is still on when it is to be stopped.
    stack = await startStack({ demoDelayMs: 400 });
    browser = await launchBrowser();
    page = await (await openContext(browser, DESKTOP)).context.newPage();
    await page.goto(`${stack.webUrl}/sign-in/local?code=${await createSignInCode(stack.database.db)}`);
    for (const name of ["First", "Second"]) {
      await page.goto(`${stack.webUrl}/agents/new`);
      await page.getByRole("main").getByRole("textbox", { name: "Name of the agent" }).fill(name);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name }).waitFor();
    }
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  }, 60_000);

  beforeEach(({ skip }) => {
    if (!browserPath) skip(NO_BROWSER);
  });

  const message = () => page.getByRole("textbox", { name: "Message" });
  const agentNamed = (name: string) => page.getByRole("heading", { level: 1, name }).waitFor();

  test("Ctrl-1 and Ctrl-2 turn to the agents in the order of their tabs", async () => {
    await page.keyboard.press("Control+1");
    await agentNamed("First");
    await page.keyboard.press("Control+2");
    await agentNamed("Second");
  });

  test("Ctrl-K finds an agent by its name", async () => {
    await page.keyboard.press("Control+k");
    await page.getByRole("textbox", { name: "Find an agent or a page" }).fill("fir");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await agentNamed("First");
  });

  test("Shift-Enter begins a line, and Enter does not send while an input method composes", async () => {
    await message().click();
    await page.keyboard.type("보고서");
    await page.keyboard.press("Shift+Enter");
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Input.imeSetComposition", { text: "ㅎ", selectionStart: 1, selectionEnd: 1 });
    await page.keyboard.press("Enter");
    expect(await message().inputValue()).toContain("보고서\n");
    expect(await page.getByRole("article").count()).toBe(0);
    await message().fill("");
  });

  test("Esc offers to stop the run, takes the offer back, and stops it when told so", async () => {
    await message().fill("Write a command-line note keeper in Python.");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("region", { name: "The run so far" }).waitFor();
    await page.keyboard.press("Escape");
    const offer = page.getByRole("alertdialog", { name: "Stop this run?" });
    await offer.waitFor();
    await page.keyboard.press("Escape");
    await offer.waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await offer.getByRole("button", { name: "Stop the run" }).click();
    await page.getByRole("main").getByRole("button", { name: "Try again" }).waitFor();
  });

  test("a message that is sent while a run is on waits its turn", async () => {
    await message().fill("Write a data report: north 3, south 4.");
    await message().press("Enter");
    await page.getByRole("region", { name: "The run so far" }).waitFor();
    await message().fill("And one for the east: 5.");
    await message().press("Enter");
    await page.getByText("Waiting", { exact: false }).first().waitFor();
    expect(await page.getByRole("region", { name: "The run so far" }).count()).toBe(2);
  });
});
