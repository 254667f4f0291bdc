import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, Page } from "@playwright/test";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  browserPath,
  DESKTOP,
  launchBrowser,
  NO_BROWSER,
  openContext,
  PHONE,
  sidewaysScroll,
} from "../support/browser.ts";
import { type Product, productEnvironment, startProduct } from "../support/product.ts";

const REQUEST =
  "Write a JavaScript library that converts numbers to Roman numerals and back, and refuses what is not one.";
const PLACES = ["/", "/agents/new", "/usage", "/workspace", "/settings"];

describe("the main job, through the pages", { timeout: 180_000 }, () => {
  let home: string;
  let browser: Browser;
  let product: Product;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    if (!browserPath) return;
    home = await mkdtemp(path.join(tmpdir(), "carrel-e2e-"));
    product = await startProduct({ ...(await productEnvironment(home)), CARREL_DEMO_DELAY_MS: "4" });
    browser = await launchBrowser();
    const opened = await openContext(browser, DESKTOP);
    complaints = opened.complaints;
    page = await opened.context.newPage();
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    if (home) await rm(home, { recursive: true, force: true });
  }, 60_000);

  beforeEach(({ skip }) => {
    if (!browserPath) skip(NO_BROWSER);
  });

  const main = () => page.getByRole("main");
  const desk = (tab: string) => page.getByRole("tab", { name: tab, exact: true }).click();
  const review = () => page.getByRole("region", { name: "Review" });

  test("the printed address signs in, once", async () => {
    await page.goto(product.signInUrl);
    await page.waitForURL(`${product.url}/`);
    await page.getByRole("heading", { name: "Your desk is ready" }).waitFor();
    const stranger = await openContext(browser, DESKTOP);
    const second = await stranger.context.newPage();
    await second.goto(product.signInUrl);
    await second.getByText("This code does not work any more").waitFor();
    await stranger.context.close();
  });

  test("a name makes an agent, and a message sets it to work", async () => {
    await main().getByRole("textbox", { name: "Name of the agent" }).fill("Roman numerals");
    await main().getByRole("button", { name: "Make agent" }).click();
    await page.waitForURL(/\/agents\/[0-9a-f-]{36}$/);
    const message = page.getByRole("textbox", { name: "Message" });
    await message.fill(REQUEST);
    await message.press("Enter");
    await main().getByText(REQUEST).waitFor();
  });

  test("the files are listed while they are written", async () => {
    await desk("Files");
    await page.getByRole("button", { name: /package\.json/ }).waitFor({ timeout: 30_000 });
    expect(await review().count()).toBe(0);
    await desk("Timeline");
  });

  test("the run is watched from its plan to its review, a repair included", async () => {
    await review().waitFor({ timeout: 120_000 });
    const lines = await page.getByTestId("timeline").getByRole("button").allInnerTexts();
    const told = lines.map((line) => line.split("\n")[0] ?? "");
    const order = [
      /^Plan the work/,
      /^Write /,
      /^Run the tests$/,
      /^Repair what failed/,
      /^Run the tests again/,
      /^Sum up/,
    ];
    const places = order.map((what) => told.findIndex((line) => what.test(line)));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((one, other) => one - other));
    const failing = page.getByTestId("timeline").getByRole("img", { name: "Done; something fails" });
    expect(await failing.count()).toBe(1);
    expect(await page.title()).toContain("Needs you");
  });

  test("a line of the timeline opens to the output of its step", async () => {
    await page
      .getByTestId("timeline")
      .getByRole("button", { name: /Run the tests again/ })
      .click();
    await page.getByRole("region", { name: "Output" }).first().waitFor();
    expect(await page.getByRole("region", { name: "Output" }).first().textContent()).toMatch(/pass|ok/i);
  });

  test("the figures of the review open, and the changes are shown line by line", async () => {
    await review()
      .getByRole("button", { name: /^Files/ })
      .click();
    await review().getByRole("listitem").first().waitFor();
    const files = await review().getByRole("listitem").count();
    expect(files).toBeGreaterThanOrEqual(3);
    await review().getByRole("button", { name: "See changes" }).click();
    await page.getByTestId("changes").getByRole("table").first().waitFor();
    expect(await page.getByTestId("changes").textContent()).toContain("all new");
    const { length, height } = await page.evaluate(() => ({
      length: document.documentElement.scrollHeight,
      height: window.innerHeight,
    }));
    expect(length).toBe(height);
  });

  test("comments on lines outlive a reload and go with the request for changes", async () => {
    const changes = page.getByTestId("changes");
    const firstLine = () =>
      changes
        .locator("section", { hasText: "README.md" })
        .getByRole("button", { name: "Comment on line 1", exact: true });
    await firstLine().click();
    const box = changes.getByRole("textbox", { name: "Comment on line 1", exact: true });
    await box.fill("Say in the first line what it is for.");
    await box.press("Enter");
    await page.reload();
    await changes.getByText("Say in the first line").waitFor();
    await review().getByRole("button", { name: "Request changes (1)" }).click();
    await review().getByText("README.md:1").waitFor();
    await review().getByRole("button", { name: "Send", exact: true }).click();
    await main().getByText("Say in the first line what it is for.").first().waitFor();
    await review().waitFor({ state: "detached" });
    await review().waitFor({ timeout: 120_000 });
    await desk("Changes");
    await changes.getByRole("table").first().waitFor();
    expect(await changes.getByRole("button", { name: /^Say in the first line/ }).count()).toBe(0);
  });

  test("approved by its key, the result is version 1", async () => {
    await page.getByRole("heading", { name: "Roman numerals" }).click();
    await page.keyboard.press("a");
    await main().getByRole("link", { name: "Version 1" }).waitFor();
    await page.getByRole("link", { name: "Version 1" }).click();
    await page.getByRole("heading", { name: "Version 1" }).waitFor();
    await page.getByRole("button", { name: "Restore" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Restore" }).click();
    await page.getByText("The files are those of version 1 again.").waitFor();
    await page.goBack();
  });

  test("a file is read, changed and saved, and a snippet runs beside it", async () => {
    await desk("Files");
    await page.getByRole("button", { name: /README\.md/ }).click();
    const code = page.getByRole("textbox", { name: "Content of README.md" });
    await code.waitFor();
    await code.press("Control+End");
    await page.keyboard.type("Read in a browser.");
    await desk("Timeline");
    await desk("Files");
    await page.setViewportSize(PHONE);
    await page.setViewportSize(DESKTOP);
    await page.getByText("Not saved yet").waitFor();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Saved", { exact: true }).waitFor();

    await page.getByRole("button", { name: "Run a snippet" }).click();
    await page.getByRole("combobox", { name: "Language" }).selectOption("bash");
    await page.getByRole("textbox", { name: "Code to run" }).fill("tail -c 19 README.md; echo; exit 3");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const output = page.getByTestId("snippet-output");
    await output.waitFor();
    expect(await output.textContent()).toContain("Read in a browser.");
    expect(await output.textContent()).toContain("Exit 3");
  });

  test("what it cost stands on the usage page, to the ten-thousandth of a dollar", async () => {
    await page.goto(`${product.url}/usage`);
    const total = page.getByRole("row", { name: /^Total/ });
    await total.waitFor();
    expect(await total.textContent()).toMatch(/\$0\.\d{4}/);
    expect(await total.textContent()).not.toContain("$0.0000");
  });

  test("no page scrolls sideways on a phone", async () => {
    const agent = await page.evaluate(() =>
      document.querySelector('a[href^="/agents/0"]')?.getAttribute("href"),
    );
    await page.setViewportSize(PHONE);
    for (const place of [...PLACES, agent ?? "", `${agent}/versions`, `${agent}/settings`]) {
      await page.goto(product.url + place);
      await page.getByRole("main").waitFor();
      await page.waitForLoadState("networkidle");
      expect([place, await sidewaysScroll(page)]).toEqual([place, 0]);
    }
    await page.goto(product.url + agent);
    await page.getByRole("button", { name: "Desk" }).click();
    await desk("Timeline");
    await page.getByTestId("timeline").waitFor();
    expect(await sidewaysScroll(page)).toBe(0);
  });

  test("the browser had nothing to complain of", () => {
    expect(complaints).toEqual([]);
  });
});
