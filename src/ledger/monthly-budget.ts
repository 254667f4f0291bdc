import { ownBudgetScope, userMonthScope } from "#ledger/scopes.ts";
import type { Database, Sql } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";
import { tierOf } from "#tiers/tiers.ts";

export interface Budget {
  /** the cap of this calendar month (UTC); null: none */
  monthlyMicroUsd: number | null;
  /** what the user's tier allows; the user's own budget may be lower, not higher */
  tierMicroUsd: number | null;
  spentMicroUsd: number;
  /** held by calls under way */
  reservedMicroUsd: number;
}

/** A user's budget and what stands against it this month. @throws AppError not_found */
export async function readBudget(db: Database, userId: string, now = new Date()): Promise<Budget> {
  const { rows } = await db.pool.query<{ tier: string; own: number | null; spent: number; reserved: number }>(
    `SELECT u.tier, own.limit_micro_usd AS own, coalesce(month.spent_micro_usd, 0)::bigint AS spent,
       coalesce(month.reserved_micro_usd, 0)::bigint AS reserved
     FROM users u LEFT JOIN budgets own ON own.scope = $2 LEFT JOIN budgets month ON month.scope = $3
     WHERE u.id = $1`,
    [userId, ownBudgetScope(userId), userMonthScope(userId, now)],
  );
  const row = rows[0];
  if (!row) throw new AppError("not_found", "There is no such user.");
  return {
    monthlyMicroUsd: monthlyLimit(row.tier, row.own),
    tierMicroUsd: tierOf(row.tier).monthlyMicroUsd,
    spentMicroUsd: row.spent,
    reservedMicroUsd: row.reserved,
  };
}

/**
 * Sets the user's own monthly budget in micro-dollars, for this month and those to come; null returns to the tier's.
 * It may be below what is spent already: then no more calls pass until the month ends.
 * @throws AppError bad_request when it is more than the tier allows
 */
export async function setBudget(
  db: Database,
  userId: string,
  monthlyMicroUsd: number | null,
): Promise<Budget> {
  const { tierMicroUsd } = await readBudget(db, userId);
  if (monthlyMicroUsd !== null && tierMicroUsd !== null && monthlyMicroUsd > tierMicroUsd) {
    throw new AppError(
      "bad_request",
      `Your plan allows up to ${tierMicroUsd} micro-dollars a month; a budget of your own can only be lower.`,
      { details: { tierMicroUsd } },
    );
  }
  await writeOwnBudget(db.pool, userId, monthlyMicroUsd);
  return readBudget(db, userId);
}

/** The lower of the tier's limit and the user's own; null: no cap. */
export function monthlyLimit(tier: string, own: number | null): number | null {
  const allowed = tierOf(tier).monthlyMicroUsd;
  if (own === null || allowed === null) return own ?? allowed;
  return Math.min(own, allowed);
}

async function writeOwnBudget(sql: Sql, userId: string, limit: number | null): Promise<void> {
  await sql.query(
    `INSERT INTO budgets (scope, limit_micro_usd) VALUES ($1, $2)
     ON CONFLICT (scope) DO UPDATE SET limit_micro_usd = excluded.limit_micro_usd`,
    [ownBudgetScope(userId), limit],
  );
}
