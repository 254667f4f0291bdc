import { beforeEach, expect, it } from "vitest";
import { signRunToken } from "#gateway/run-token.ts";
import { setBudget } from "#ledger/monthly-budget.ts";
import { eraseUser, MODEL, makeTenant, personalToken, RUN_TOKEN_SECRET, sdk } from "../support/gateway.ts";
import { gatewaySuite } from "../support/gateway-suite.ts";

/** A gateway keeps what it knows of a caller; whatever changes of that holds from the very next call on. */

let personal: string;

const HELLO = { model: MODEL, max_tokens: 100, messages: [{ role: "user" as const, content: "Hello" }] };

const suite = gatewaySuite();

beforeEach(async () => {
  suite.tenant = await makeTenant(suite.database.db, { run: 1_000_000 });
  personal = await personalToken(suite.database.db, suite.tenant.userId);
});

async function statusOf(token: string, model = MODEL): Promise<number> {
  return sdk(suite.gateway, token)
    .messages.create({ ...HELLO, model })
    .then(
      () => 200,
      (error: { status: number }) => error.status,
    );
}

function sql(text: string, value: string) {
  return suite.database.db.pool.query(text, [value]);
}

const CHANGES: [string, "run" | "personal", number, () => Promise<unknown>][] = [
  [
    "its run ends",
    "run",
    401,
    () =>
      sql(
        `UPDATE runs SET status = 'failed', owner = NULL, lease_until = NULL WHERE id = $1`,
        suite.tenant.runId,
      ),
  ],
  [
    "another runner takes its run",
    "run",
    401,
    () => sql(`UPDATE runs SET fence = fence + 1 WHERE id = $1`, suite.tenant.runId),
  ],
  [
    "its run's ceiling is lowered",
    "run",
    402,
    () => sql(`UPDATE runs SET ceiling_micro_usd = 1 WHERE id = $1`, suite.tenant.runId),
  ],
  [
    "its agent's ceiling is lowered",
    "run",
    402,
    () => sql(`UPDATE agents SET ceiling_micro_usd = 1 WHERE id = $1`, suite.tenant.agentId),
  ],
  [
    "its user is suspended",
    "personal",
    403,
    () => sql(`UPDATE users SET status = 'suspended' WHERE id = $1`, suite.tenant.userId),
  ],
  [
    "its user's budget is lowered",
    "personal",
    402,
    () => setBudget(suite.database.db, suite.tenant.userId, 1),
  ],
  [
    "its token is revoked",
    "personal",
    401,
    () => sql(`UPDATE api_tokens SET revoked_at = now() WHERE user_id = $1`, suite.tenant.userId),
  ],
  [
    "its token loses a scope",
    "personal",
    403,
    () => sql(`UPDATE api_tokens SET scopes = '{api}' WHERE user_id = $1`, suite.tenant.userId),
  ],
  ["its user is erased", "personal", 401, () => eraseUser(suite.database.db, suite.tenant)],
];

it.each(CHANGES)(
  "a caller that was answered is refused from the next call on when %s",
  async (_what, kind, status, change) => {
    const token = kind === "run" ? suite.tenant.runToken : personal;
    // Often enough that an allowance is taken for it.
    for (let n = 0; n < 3; n += 1) expect(await statusOf(token)).toBe(200);
    await change();
    expect(await statusOf(token)).toBe(status);
  },
);

it("a change whose transaction began long before others that were heeded is heeded when it commits", async () => {
  expect(await statusOf(personal)).toBe(200);
  const slow = await suite.database.db.pool.connect();
  await slow.query("BEGIN");
  await slow.query(`UPDATE api_tokens SET revoked_at = now() WHERE user_id = $1`, [suite.tenant.userId]);
  const other = await makeTenant(suite.database.db);
  await setBudget(suite.database.db, other.userId, 1000);
  expect(await statusOf(personal), "not committed yet").toBe(200);
  await setBudget(suite.database.db, other.userId, 2000);
  expect(await statusOf(personal), "not committed yet").toBe(200);
  await slow.query("COMMIT");
  slow.release();
  expect(await statusOf(personal)).toBe(401);
});

it("an agent's models play its roles from the next call on", async () => {
  const claims = {
    userId: suite.tenant.userId,
    agentId: suite.tenant.agentId,
    runId: suite.tenant.runId,
    fence: 7,
    step: null,
  };
  const token = await signRunToken(RUN_TOKEN_SECRET, claims, 600);
  expect(await statusOf(token, "carrel/architect")).toBe(404);
  await sql(`UPDATE agents SET models = '{"architect": "${MODEL}"}' WHERE id = $1`, suite.tenant.agentId);
  expect(await statusOf(token, "carrel/architect")).toBe(200);
});
