import type { Page } from "@playwright/test";
import axe from "axe-core";
import { expect } from "vitest";
import { DESKTOP, PHONE, sidewaysScroll } from "./browser.ts";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** A directory for pictures of the pages, where a person wants to look at them. */
const PICTURES = process.env.CARREL_TEST_PICTURES;

/** In both themes, on a desk and on a phone: no barrier, nothing that sticks out. */
export async function lookAt(page: Page, name: string): Promise<void> {
  await page.evaluate(axe.source);
  for (const screen of [DESKTOP, PHONE]) {
    await page.setViewportSize(screen);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const barriers = async () => ({ name, screen, colorScheme, said: await findBarriers(page) });
      // The page may still be finding its shape for this screen.
      await expect.poll(barriers, { timeout: 15_000 }).toEqual({ name, screen, colorScheme, said: [] });
      expect(await sidewaysScroll(page)).toBe(0);
      if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}-${screen.width}-${colorScheme}.png` });
    }
  }
  await page.setViewportSize(DESKTOP);
  await page.emulateMedia({ colorScheme: "light" });
}

async function findBarriers(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules }), RULES);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} ${target}`));
}
