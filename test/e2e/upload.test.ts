import { randomBytes } from "node:crypto";
import type { Browser, BrowserContext, Page } from "@playwright/test";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSignInCode } from "#accounts/local-sign-in.ts";
import { archiveOf, COMMIT, packed } from "../support/archives.ts";
import { browserPath, DESKTOP, launchBrowser, NO_BROWSER, openContext } from "../support/browser.ts";
import { lookAt } from "../support/look-at.ts";
import { type Stack, startStack } from "../support/stack.ts";

describe("a project of one's own, through the pages", { timeout: 180_000 }, () => {
  let browser: Browser;
  let stack: Stack;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    if (!browserPath) return;
    stack = await startStack();
    browser = await launchBrowser();
    ({ context, complaints } = await openContext(browser, DESKTOP));
    page = await context.newPage();
    await page.goto(`${stack.webUrl}/sign-in/local?code=${await createSignInCode(stack.database.db)}`);
    await page.waitForURL(`${stack.webUrl}/`);
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  }, 60_000);

  beforeEach(({ skip }) => {
    if (!browserPath) skip(NO_BROWSER);
  });

  async function openAgent(): Promise<void> {
    const agent = await page.request.post(`${stack.webUrl}/api/v1/agents`, {
      data: { name: "Shop" },
      headers: { origin: stack.webUrl },
    });
    const { id } = (await agent.json()) as { id: string };
    await page.goto(`${stack.webUrl}/agents/${id}`);
    await page.locator("input[type=file]").waitFor({ state: "attached" });
  }

  const chooser = () => page.getByRole("button", { name: "Choose a file" });
  const choose = (name: string, buffer: Buffer) =>
    page.locator("input[type=file]").setInputFiles({ name, mimeType: "application/octet-stream", buffer });

  /** Drops the file onto the offer, as a person does from a window of files. */
  async function drop(name: string, bytes: Buffer): Promise<void> {
    const given = { name, base64: bytes.toString("base64") };
    const carried = await page.evaluateHandle((file) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(file.base64), (c) => c.charCodeAt(0))], file.name));
      return data;
    }, given);
    const place = chooser().locator("xpath=..");
    await place.dispatchEvent("dragover", { dataTransfer: carried });
    await place.dispatchEvent("drop", { dataTransfer: carried });
  }

  test("an archive that is hostile is refused in words, and another can be sent in its place", async () => {
    await openAgent();
    await lookAt(page, "offer");
    await choose("shop.zip", await archiveOf("zip", [{ name: "shop/../../evil.sh", text: "rm -rf /" }]));
    await page.getByText("shop.zip cannot be used. Nothing was changed.").waitFor();
    await page.getByText("A name in it leads out of the project. shop/../../evil.sh").waitFor();
    await lookAt(page, "refused");
    const entries = ["app.js", "lib/cart.js", "README.md", ".env"];
    await drop(
      "shop.zip",
      await archiveOf(
        "zip",
        entries.map((name) => ({ name: `shop/${name}`, text: `${name}\n` })),
      ),
    );
    await page.getByText("3 files of shop.zip are here. Say what should change.").waitFor();
    await page.getByText("1 file was left out").click();
    await page.getByText("private, or made by tools").waitFor();
    await page.getByRole("tab", { name: "Files" }).click();
    await page.getByRole("button", { name: /cart|lib/ }).waitFor();
    await lookAt(page, "here");
    expect(complaints).toEqual([]);
  });

  test("while it is sent it is seen how far it is, and it can be stopped; a bundle names its branch", async () => {
    await openAgent();
    const network = await context.newCDPSession(page);
    const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 15_000 };
    await network.send("Network.emulateNetworkConditions", slow);
    await choose("large-project-with-a-rather-long-name.tar", randomBytes(3_000_000));
    await page.getByRole("progressbar").waitFor();
    await lookAt(page, "sending");
    await page.getByRole("button", { name: "Stop sending" }).click();
    await network.send("Network.emulateNetworkConditions", { ...slow, uploadThroughput: -1 });
    await chooser().waitFor();
    const command = `${COMMIT}; git bundle create -q $out HEAD trunk`;
    await choose("code.bundle", await packed({ "a.js": "1\n", "b.js": "2\n" }, command));
    await page.getByText("2 files of code.bundle (trunk) are here.").waitFor();
    expect(complaints).toEqual([]);
  });

  async function speak(locale: "en" | "ko" | "ja"): Promise<void> {
    const headers = { origin: stack.webUrl };
    await page.request.patch(`${stack.webUrl}/api/v1/me`, { data: { locale }, headers });
    await page.reload();
  }

  test("what was brought stays in sight once something was said, in every language", async () => {
    await speak("ko");
    await page.getByText("code.bundle (trunk)의 파일 2개").waitFor();
    await lookAt(page, "ko-here");
    const message = page.getByRole("textbox").last();
    await message.fill("더하기를 고쳐 주세요");
    await message.press("Enter");
    await page.getByText("더하기를 고쳐 주세요").first().waitFor();
    await page.getByText("code.bundle (trunk)의 파일 2개로 시작했습니다.").waitFor();
    await lookAt(page, "ko-said");
    await speak("ja");
    await openAgent();
    await choose(
      "shop.bundle",
      await packed(
        { "a.js": "1\n" },
        `${COMMIT}; git commit -q --allow-empty -m 2
      git bundle create -q $out HEAD~1..trunk`,
      ),
    );
    await page.getByText("shop.bundle は使えません。").waitFor();
    await page.getByText("履歴の一部だけです。").waitFor();
    await lookAt(page, "ja-refused");
  });
});
