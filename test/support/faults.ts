import { request } from "undici";
import { expect } from "vitest";
import type { Database } from "#platform/db.ts";
import { type Money, type RunningGateway, readMoney, type Tenant } from "./gateway.ts";

/** What a caller got of an answer that may have gone wrong, and what it may have cost. */

export interface Got {
  status: number;
  text: string;
  /** the connection broke before the answer's end */
  broken: boolean;
}

export async function askPlainly(
  from: RunningGateway,
  { runToken }: Tenant,
  { path, body }: { path: string; body: Record<string, unknown> },
): Promise<Got> {
  const answer = await request(`${from.url}${path}`, {
    method: "POST",
    headers: { "x-api-key": runToken, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const chunks: Buffer[] = [];
  let broken = false;
  try {
    for await (const chunk of answer.body as AsyncIterable<Buffer>) chunks.push(chunk);
  } catch {
    broken = true;
  }
  return { status: answer.statusCode, text: Buffer.concat(chunks).toString("utf8"), broken };
}

/** No cap of the tenant's has anything spent or held. */
export async function expectNothingCharged(db: Database, tenant: Tenant): Promise<Money> {
  const money = await readMoney(db, tenant);
  expect(money).toMatchObject({ reservations: 0, runCost: 0, stepCost: 0 });
  const { run, agent, user } = money.budgets;
  for (const budget of [run, agent, user].filter((one) => one !== undefined)) {
    expect(budget).toEqual({ reserved: 0, spent: 0 });
  }
  return money;
}

/** The provider may have billed something: one entry says what, and that it is not the tenant's to pay. */
export async function expectAtOurCost(db: Database, tenant: Tenant): Promise<void> {
  const { entries } = await expectNothingCharged(db, tenant);
  expect(entries).toHaveLength(1);
  expect(entries[0]).toMatchObject({
    cost_micro_usd: 0,
    reason: expect.stringMatching(/broke off|did not come in time/),
  });
  expect(Number(entries[0]?.provider_cost_micro_usd)).toBeGreaterThan(0);
}
