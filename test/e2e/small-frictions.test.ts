import type { Browser, Page } from "@playwright/test";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSignInCode } from "#accounts/local-sign-in.ts";
import { type ScriptedModel, startScriptedModel } from "../fakes/scripted-model.ts";
import { browserPath, DESKTOP, launchBrowser, NO_BROWSER, openContext, PHONE } from "../support/browser.ts";
import { lookAt } from "../support/look-at.ts";
import { follow, GOOD_PLAN, planned, startScriptedStack } from "../support/scripted-builder.ts";
import type { Stack } from "../support/stack.ts";

const PLAN = {
  ...GOOD_PLAN,
  files: [
    planned("package.json"),
    planned("store.js"),
    planned("rules.js", ["store.js"]),
    planned("view.js", ["store.js"]),
    planned("add.js", ["rules.js", "store.js"]),
    planned("add.test.js", ["add.js", "store.js", "package.json"]),
  ],
};

describe("what a person meets in the first minutes", { timeout: 180_000 }, () => {
  let browser: Browser;
  let stack: Stack;
  let model: ScriptedModel;
  let page: Page;
  let complaints: string[];
  let agent: string;

  beforeAll(async () => {
    if (!browserPath) return;
    model = await startScriptedModel();
    model.script = follow({ plan: PLAN, files: { "store.js": "", "rules.js": "", "view.js": "" } });
    stack = await startScriptedStack(model, { parts: ["gateway", "runner", "web"] });
    browser = await launchBrowser();
    const opened = await openContext(browser, DESKTOP);
    complaints = opened.complaints;
    page = await opened.context.newPage();
    await page.goto(`${stack.webUrl}/sign-in/local?code=${await createSignInCode(stack.database.db)}`);
    await page.waitForURL(`${stack.webUrl}/`);
    const made = await page.request.post(`${stack.webUrl}/api/v1/agents`, {
      data: { name: "Adder", model: "claude-haiku-4-5", policy: { approvePlan: true } },
      headers: { origin: stack.webUrl },
    });
    agent = `${stack.webUrl}/agents/${((await made.json()) as { id: string }).id}`;
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
    await model?.close();
  }, 60_000);

  beforeEach(({ skip }) => {
    if (!browserPath) skip(NO_BROWSER);
  });

  const review = () => page.getByRole("region", { name: "Review" });

  test("the dashboard says that there is nothing only once it knows", async () => {
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route(/\/api\/v1\/agents\?/, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(stack.webUrl);
    await page.getByRole("heading", { name: "Last versions" }).waitFor();
    const nothing = page.getByText("What you approve is listed here.");
    expect(await nothing.count()).toBe(0);
    answer();
    await nothing.waitFor();
    await page.unroute(/\/api\/v1\/agents\?/);
    await lookAt(page, "dashboard");
  });

  test("an agent that was asked nothing yet opens at its top, on a phone too", async () => {
    await page.setViewportSize(PHONE);
    await page.goto(agent);
    const title = page.getByRole("heading", { level: 2 }).first();
    await title.waitFor();
    await page.waitForLoadState("networkidle");
    const inSight = () => title.evaluate((element) => element.getBoundingClientRect().top > 0);
    await expect.poll(inSight, { timeout: 30_000 }).toBe(true);
    expect(await title.evaluate((element) => element.closest("[class*=scroller]")?.scrollTop)).toBe(0);
    await page.setViewportSize(DESKTOP);
    await lookAt(page, "empty-agent");
  });

  test("what takes a needed file away says which, and of which", async () => {
    const message = page.getByRole("textbox", { name: "Message" });
    await message.fill("An adder, please");
    await message.press("Enter");
    await review().getByRole("img", { name: "How the files depend on each other" }).waitFor();
    await lookAt(page, "plan-picture");
    await review().getByRole("button", { name: "Edit the plan" }).click();
    const needs = review().getByRole("button", { name: "Remove rules.js from what add.js needs" });
    await needs.click();
    await needs.waitFor({ state: "detached" });
    await review().getByRole("button", { name: "Remove store.js from what add.js needs" }).waitFor();
    await lookAt(page, "plan-editor");
    await review().getByRole("button", { name: "Back" }).click();
  });

  test("an answer that did not arrive can be given again before the page has read the runs again", async () => {
    const approve = review().getByRole("button", { name: "Approve", exact: true });
    let tries = 0;
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route(/\/agents\/[^/]+\/runs\?/, async (route) => {
      await held;
      await route.continue();
    });
    await page.route(/\/review$/, (route) => {
      tries += 1;
      return route.abort();
    });
    await approve.click();
    await review().getByRole("alert").waitFor();
    await approve.click();
    await expect.poll(() => tries, { timeout: 30_000 }).toBe(2);
    answer();
    await page.unrouteAll({ behavior: "wait" });
    // What the browser says of it was ordered.
    complaints.splice(0);
  });

  test("two clicks on one answer send it once", async () => {
    const sent: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "POST" && request.url().endsWith("/review")) sent.push(request.url());
    });
    // Both before the page has drawn what the first one did.
    await review()
      .getByRole("button", { name: "Approve", exact: true })
      .evaluate((button: HTMLButtonElement) => {
        button.click();
        button.click();
      });
    await review().getByText("Approve the plan?").waitFor({ state: "detached" });
    expect(sent).toHaveLength(1);
    expect(complaints).toEqual([]);
  });

  test.each(["ko", "ja"])("the limits of the workspace are said in %s", async (locale) => {
    await stack.database.db.pool.query("UPDATE users SET locale = $1", [locale]);
    await page.goto(`${stack.webUrl}/workspace`);
    const limits = page.locator("[class*=limits] li");
    await limits.first().waitFor();
    expect(await limits.count()).toBeGreaterThan(5);
    expect(await page.locator("[class*=limits] [lang=en]").count()).toBe(0);
    await lookAt(page, `workspace-${locale}`);
  });
});
