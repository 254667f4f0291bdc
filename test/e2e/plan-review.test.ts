import type { Browser, BrowserContext, Page } from "@playwright/test";
import axe from "axe-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSignInCode } from "#accounts/local-sign-in.ts";
import { type ScriptedModel, startScriptedModel } from "../fakes/scripted-model.ts";
import {
  browserPath,
  DESKTOP,
  launchBrowser,
  NO_BROWSER,
  openContext,
  PHONE,
  sidewaysScroll,
} from "../support/browser.ts";
import { follow, startScriptedStack } from "../support/scripted-builder.ts";
import type { Stack } from "../support/stack.ts";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** A directory for pictures of the pages, where a person wants to look at them. */
const PICTURES = process.env.CARREL_TEST_PICTURES;

describe("a plan and its money, through the pages", { timeout: 180_000 }, () => {
  let browser: Browser;
  let stack: Stack;
  let model: ScriptedModel;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    if (!browserPath) return;
    model = await startScriptedModel();
    model.script = follow({ files: { "docs/use.md": "# Use\n" } });
    stack = await startScriptedStack(model, { parts: ["gateway", "runner", "web"] });
    browser = await launchBrowser();
    ({ context, complaints } = await openContext(browser, DESKTOP));
    page = await context.newPage();
    await page.goto(`${stack.webUrl}/sign-in/local?code=${await createSignInCode(stack.database.db)}`);
    await page.waitForURL(`${stack.webUrl}/`);
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

  /** An agent made through the API by the page's own session, and a message to it. */
  async function begin(settings: object): Promise<void> {
    const agent = await page.request.post(`${stack.webUrl}/api/v1/agents`, {
      data: { name: "Adder", model: "claude-haiku-4-5", ...settings },
      headers: { origin: stack.webUrl },
    });
    const { id } = (await agent.json()) as { id: string };
    await page.goto(`${stack.webUrl}/agents/${id}`);
    const message = page.getByRole("textbox", { name: "Message" });
    await message.fill("An adder, please");
    await message.press("Enter");
    await review().waitFor();
  }

  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));

  /** In both themes, on a desk and on a phone: no barrier, nothing that sticks out. */
  async function lookAt(name: string): Promise<void> {
    await page.evaluate(axe.source);
    for (const screen of [DESKTOP, PHONE]) {
      await page.setViewportSize(screen);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await page.evaluate(
          (rules) => window.axe.run(document, { runOnly: rules }),
          RULES,
        );
        const said = violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} ${target}`));
        expect({ name, screen, colorScheme, said }).toEqual({ name, screen, colorScheme, said: [] });
        expect(await sidewaysScroll(page)).toBe(0);
        if (PICTURES)
          await review().screenshot({ path: `${PICTURES}/${name}-${screen.width}-${colorScheme}.png` });
      }
    }
    await page.setViewportSize(DESKTOP);
    await page.emulateMedia({ colorScheme: "light" });
  }

  test("a plan is shown as a list, as a picture and with what it will cost", async () => {
    await begin({ policy: { approvePlan: true }, ceilingMicroUsd: 900_000 });
    await review().getByRole("img", { name: "How the files depend on each other" }).waitFor();
    await review().getByText("add.test.js needs add.js").waitFor({ state: "attached" });
    const quote = await review().getByTestId("quote").textContent();
    expect(quote).toMatch(/Files\s*3/);
    expect(quote).toMatch(/\$0\.\d{4}–\$0\.\d{4}/);
    expect(quote).toContain("$0.9000");
    await lookAt("plan");
  });

  test("it is edited with the keyboard; what is wrong with it is said, and the edited plan is carried out", async () => {
    await review().getByRole("button", { name: "Edit the plan" }).press("Enter");
    await review().getByRole("button", { name: "Remove package.json from the plan" }).press("Enter");
    expect(await focused()).toBe("Remove add.js from the plan");
    await review().getByRole("textbox", { name: "What add.js is for" }).fill("adds two numbers");
    const commands = review().getByRole("textbox", { name: "Commands that test it" });
    await commands.fill("rm -rf .");
    await review().getByRole("textbox", { name: "Path of a further file" }).fill("docs/use.md");
    const purpose = review().getByRole("textbox", { name: "What it is for" });
    await purpose.fill("how it is used");
    await purpose.press("Enter");
    await review().getByRole("textbox", { name: "What docs/use.md is for" }).waitFor();
    await lookAt("edit");
    await review().getByRole("button", { name: "Approve this plan" }).press("Enter");
    await review().getByText('The command "rm -rf ." does not begin with an interpreter').waitFor();
    await commands.fill("node --test add.test.js");
    await review().getByRole("button", { name: "Approve this plan" }).press("Enter");
    await review().getByText("Ready for your review").waitFor();
    await review()
      .getByRole("button", { name: /^Files/ })
      .click();
    await review().getByRole("button", { name: "docs/use.md" }).waitFor();
    expect(await review().getByRole("button", { name: "package.json" }).count()).toBe(0);
    // The refusal was shown on purpose.
    expect(complaints.filter((text) => !text.includes("400"))).toEqual([]);
  });

  test("what is asked to change outlives the page of the changes; a comment closes to its line", async () => {
    await review().getByRole("button", { name: "Request changes" }).press("Enter");
    const wish = () => review().getByRole("textbox", { name: "What should change?" });
    await wish().fill("Shorter, please");
    await wish().press("Escape");
    expect(await focused()).toBe("Review");
    await page.setViewportSize(PHONE);
    await page.getByRole("button", { name: "Desk" }).click();
    await page.getByRole("tab", { name: "Changes" }).click();
    const line = page.getByRole("button", { name: "Comment on line 1" }).first();
    await line.press("Enter");
    await page.getByRole("textbox", { name: "Comment on line 1" }).fill("Why?");
    await page.keyboard.press("Enter");
    expect(await focused()).toBe("Comment on line 1");
    await page.getByRole("button", { name: "Conversation" }).click();
    expect(await wish().inputValue()).toBe("Shorter, please");
    await review().getByRole("list", { name: "1 comment on lines" }).getByText("Why?").waitFor();
    await lookAt("request");
  });

  test("a run that nears its ceiling asks, and goes on when the ceiling was raised", async () => {
    await begin({ ceilingMicroUsd: 8_000 });
    await review().getByText("The ceiling is near. Go on?").waitFor();
    const money = await review().getByTestId("budget").textContent();
    expect(money).toMatch(/Ceiling of the agent\s*\$0\.0080/);
    await lookAt("budget");
    const asking = page.url();
    await review().getByRole("link", { name: "To the ceiling" }).click();
    const ceiling = page.getByRole("textbox", { name: "Ceiling" });
    await ceiling.fill("0.5");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved").waitFor();
    await page.goto(asking);
    await review().getByRole("button", { name: "Go on" }).click();
    await review().getByText("Ready for your review").waitFor();
  });
});
