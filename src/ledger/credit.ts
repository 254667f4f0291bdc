import type pg from "pg";
import { userMonthScope } from "#ledger/scopes.ts";
import { type Database, inTransaction } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

export interface Credit {
  userId: string;
  /** what the credit is for; null: nothing in particular */
  runId: string | null;
  /** micro-dollars given back */
  amount: number;
  /** shown to the user, with the entry */
  reason: string;
}

/**
 * Gives a user back what they should not have been charged: a new entry, because none is ever rewritten, and room under
 * the caps that the charge had used up. What the provider was paid, and the site's sum with it, stays as it is.
 * @throws AppError not_found; bad_request when it is more than the run cost, or than was spent this month
 */
export async function giveCredit(db: Database, credit: Credit, now = new Date()): Promise<void> {
  if (!Number.isSafeInteger(credit.amount) || credit.amount <= 0) {
    throw new AppError("bad_request", "A credit is a whole number of micro-dollars above 0.");
  }
  await inTransaction(db.pool, async (client) => {
    const agentId = credit.runId === null ? null : await agentOf(client, credit.userId, credit.runId);
    const scopes = [userMonthScope(credit.userId, now)];
    if (agentId !== null) scopes.push(`agent:${agentId}`, `run:${credit.runId}`);
    // In the order that everybody keeps: budgets by name, then runs.
    const { rows } = await client.query<{ spent: number }>(
      `SELECT spent_micro_usd AS spent FROM budgets WHERE scope = ANY($1) ORDER BY scope FOR UPDATE`,
      [scopes],
    );
    const most = rows.length < scopes.length ? 0 : Math.min(...rows.map(({ spent }) => spent));
    if (credit.amount > most) {
      const of = credit.runId === null ? "was spent this month" : "the run cost, and was spent this month";
      throw new AppError("bad_request", `No more can be credited than ${of}: ${most} micro-dollars.`);
    }
    await client.query(`UPDATE budgets SET spent_micro_usd = spent_micro_usd - $2 WHERE scope = ANY($1)`, [
      scopes,
      credit.amount,
    ]);
    await client.query(`UPDATE runs SET cost_micro_usd = cost_micro_usd - $2 WHERE id = $1`, [
      credit.runId,
      credit.amount,
    ]);
    await client.query(
      `INSERT INTO ledger_entries (user_id, agent_id, run_id, kind, provider, model, provider_cost_micro_usd,
         cost_micro_usd, reason)
       VALUES ($1, $2, $3, 'credit', 'carrel', 'credit', 0, $4, $5)`,
      [credit.userId, agentId, credit.runId, -credit.amount, credit.reason],
    );
  });
}

async function agentOf(client: pg.PoolClient, userId: string, runId: string): Promise<string> {
  const { rows } = await client.query<{ agent_id: string }>(
    `SELECT agent_id FROM runs WHERE id = $1 AND user_id = $2`,
    [runId, userId],
  );
  const agentId = rows[0]?.agent_id;
  if (agentId === undefined) throw new AppError("not_found", "That user has no such run.");
  return agentId;
}
