import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "@playwright/test";

const CANDIDATES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where this machine has a browser; undefined: it has none, and tests that need one are skipped by name. */
export const browserPath = CANDIDATES.find((path) => existsSync(path));

export const NO_BROWSER = `no browser (looked for ${CANDIDATES.join(", ")})`;

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath ?? "",
    // The sandbox of the browser needs rights that a container does not give; the rest keeps it off the network.
    args: [
      "--no-sandbox",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-quic",
    ],
  });
}

export interface Screen {
  width: number;
  height: number;
}

export const DESKTOP: Screen = { width: 1440, height: 900 };
export const PHONE: Screen = { width: 390, height: 844 };

/** A browser of a person who reads English in Berlin; what its pages complain of is collected. */
export async function openContext(
  browser: Browser,
  screen: Screen,
): Promise<{ context: BrowserContext; complaints: string[] }> {
  const context = await browser.newContext({
    viewport: screen,
    locale: "en-US",
    timezoneId: "Europe/Berlin",
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  context.on("page", (page: Page) => {
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(`${page.url()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
  });
  return { context, complaints };
}

/** How far the page can be scrolled sideways, in pixels. */
export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
