import type { Browser, Page } from "@playwright/test";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSignInCode } from "#accounts/local-sign-in.ts";
import { type ApiClient, apiClient } from "../support/api-client.ts";
import { browserPath, DESKTOP, launchBrowser, NO_BROWSER, openContext, PHONE } from "../support/browser.ts";
import { makeTenant } from "../support/gateway.ts";
import { lookAt } from "../support/look-at.ts";
import { type Stack, startStack } from "../support/stack.ts";

/** What was spent, as a person reads it: on a desk with every column, on a phone without anything out of sight. */

describe("the usage page", { timeout: 180_000 }, () => {
  let browser: Browser;
  let stack: Stack;
  let page: Page;
  let user: ApiClient;
  let runId: string;

  beforeAll(async () => {
    if (!browserPath) return;
    stack = await startStack({ parts: ["web", "gateway"] });
    browser = await launchBrowser();
    const { context } = await openContext(browser, PHONE);
    page = await context.newPage();
    const { db } = stack.database;
    await page.goto(`${stack.webUrl}/sign-in/local?code=${await createSignInCode(db)}`);
    const { rows } = await db.pool.query<{ id: string; email: string }>(`SELECT id, email FROM users`);
    user = await apiClient(stack.webUrl, db, rows[0]?.email ?? "");
    const tenant = await makeTenant(db);
    await db.pool.query(`UPDATE agents SET user_id = $1 WHERE id = $2`, [rows[0]?.id, tenant.agentId]);
    await db.pool.query(
      `UPDATE runs SET user_id = $1, status = 'failed', owner = NULL, lease_until = NULL WHERE id = $2`,
      [rows[0]?.id, tenant.runId],
    );
    runId = tenant.runId;
    await db.pool.query(
      `INSERT INTO ledger_entries (user_id, agent_id, run_id, step_key, provider, model, input_tokens, output_tokens,
         cache_read_tokens, provider_cost_micro_usd, cost_micro_usd)
       SELECT $1, $2, $3, 'r1/plan', 'p', model, 1234567, 98765, 7654321, 12345678, 12345678
       FROM unnest(ARRAY['claude-sonnet-4-6-20260217', 'a-server-of-ones-own/llama-4-maverick-instruct-q4']) AS model`,
      [rows[0]?.id, tenant.agentId, runId],
    );
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  }, 60_000);

  beforeEach(({ skip }) => {
    if (!browserPath) skip(NO_BROWSER);
  });

  /** The region whose only table names a model. */
  const detail = () => page.getByRole("region").filter({ has: page.getByRole("table") });
  const choose = (group: string) => page.locator(`input[type=radio][value=${group}] + label`).click();
  const tooWide = () => detail().evaluate((region) => region.scrollWidth - region.clientWidth);

  test.each(["en", "ko", "ja"])("fits a phone in %s, with every figure in sight", async (locale) => {
    expect((await user.call("PATCH", "/me", { json: { locale } })).status).toBe(200);
    await page.setViewportSize(PHONE);
    await page.goto(`${stack.webUrl}/usage`);
    for (const group of ["day", "agent", "model", "run"]) {
      await choose(group);
      const named = { day: /\d/, agent: "a", model: /llama-4-maverick/, run: runId.slice(-8) }[group] ?? "";
      await detail().getByRole("row", { name: named }).first().waitFor();
      for (const figure of [/1,234,567|2,469,134/, /98,765|197,530/, /7,654,321|15,308,642/]) {
        await detail().getByText(figure).filter({ visible: true }).first().waitFor();
      }
      expect([group, await tooWide()]).toEqual([group, 0]);
    }
    await choose("model");
    await lookAt(page, `usage-${locale}`);
  });

  test("shows each figure in a column of its own on a desk, and the receipt adds up", async () => {
    await user.call("PATCH", "/me", { json: { locale: "en" } });
    await page.setViewportSize(DESKTOP);
    await page.goto(`${stack.webUrl}/usage`);
    await page.getByRole("columnheader", { name: "Tokens out" }).waitFor();
    await choose("run");
    await page.getByRole("button", { name: `Receipt of run ${runId.slice(-8)}` }).click();
    const receipt = page.getByRole("dialog", { name: "Receipt" });
    const lines = receipt.getByRole("row");
    await lines.nth(3).waitFor();
    const sums = await lines.evaluateAll((rows) => rows.map((row) => row.lastElementChild?.textContent));
    expect(sums).toEqual(["Cost", "$12.345678", "$12.345678", "$24.691356"]);
    await page.setViewportSize(PHONE);
    await receipt.getByText("1,234,567").filter({ visible: true }).first().waitFor();
  });
});
