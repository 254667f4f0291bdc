import type pg from "pg";
import { CALL_LEASE_SECONDS, RECORDING_DAYS } from "#gateway/tunables.ts";
import { settleAbandoned } from "#ledger/settle.ts";
import { inTransaction } from "#platform/db.ts";

/** The rows that make a repeated call one call: unique by user and key, held by a lease of the gateway that makes it. */

export interface Recorded {
  id: string;
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  costMicroUsd: number;
}

export type Claim =
  | { kind: "ours" }
  /** somebody makes this call right now */
  | { kind: "running"; id: string }
  | { kind: "recorded"; answer: Recorded }
  /** the key was used for another request */
  | { kind: "conflict" };

interface Claiming {
  id: string;
  userId: string;
  key: string;
  requestHash: string;
  owner: string;
  /** whether this gateway still makes that call: its lease may have lapsed while the database was away */
  makes(id: string): boolean;
}

interface Row {
  id: string;
  request_hash: string;
  status: "running" | "completed" | "failed";
  lapsed: boolean;
  http_status: number;
  headers: Record<string, string>;
  body: Buffer;
  cost_micro_usd: number;
}

/**
 * Takes the call for this gateway, or says who has it. A call that failed, or whose gateway died, is taken over under
 * a new id; what the dead one had reserved is settled at the platform's expense.
 */
export async function claimCall(pool: pg.Pool, claim: Claiming): Promise<Claim> {
  // Not waited for on disk: the call's hold is, which stands behind it in the log.
  const inserted = await pool.query({
    name: "claim-call",
    text: `INSERT INTO model_calls (id, user_id, key, request_hash, owner, lease_until)
           SELECT $1, $2, $3, $4, $5, now() + make_interval(secs => ${CALL_LEASE_SECONDS})
            WHERE set_config('synchronous_commit', 'off', true) IS NOT NULL
           ON CONFLICT (user_id, key) DO NOTHING`,
    values: [claim.id, claim.userId, claim.key, claim.requestHash, claim.owner],
  });
  if (inserted.rowCount === 1) return { kind: "ours" };
  return lookAtTaken(pool, claim);
}

function lookAtTaken(pool: pg.Pool, claim: Claiming): Promise<Claim> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<Row>(
      `SELECT id, request_hash, status, coalesce(lease_until < now(), true) AS lapsed, http_status, headers, body,
         cost_micro_usd
       FROM model_calls WHERE user_id = $1 AND key = $2 FOR UPDATE`,
      [claim.userId, claim.key],
    );
    const row = rows[0];
    // Gone between the two statements: its recording was too old. The next look finds the key free.
    if (!row) return { kind: "running", id: "" };
    if (row.status !== "failed" && row.request_hash !== claim.requestHash) return { kind: "conflict" };
    if (row.status === "completed") return { kind: "recorded", answer: toRecorded(row) };
    if (row.status === "running" && (!row.lapsed || claim.makes(row.id)))
      return { kind: "running", id: row.id };
    await settleAbandoned(client, row.id);
    await client.query(
      `UPDATE model_calls SET id = $1, request_hash = $2, owner = $3, status = 'running', http_status = NULL,
         lease_until = now() + make_interval(secs => ${CALL_LEASE_SECONDS}), created_at = now(), ended_at = NULL
       WHERE id = $4`,
      [claim.id, claim.requestHash, claim.owner, row.id],
    );
    return { kind: "ours" };
  });
}

/**
 * Locks the call before its money moves. One that was taken over has another id, and its reservation is gone: what
 * became of it here counts no more, and nothing of it is found by the statements that follow.
 */
export async function takeCall(client: pg.PoolClient, id: string): Promise<void> {
  await client.query({
    name: "take-call",
    text: `SELECT 1 FROM model_calls WHERE id = $1 AND status = 'running' FOR UPDATE`,
    values: [id],
  });
}

/** Records a call that is taken and settled; its cost is what its entry says. */
export async function recordCall(
  client: pg.PoolClient,
  answer: Omit<Recorded, "costMicroUsd">,
): Promise<void> {
  await client.query({
    name: "record-call",
    text: `UPDATE model_calls SET status = 'completed', owner = NULL, lease_until = NULL, ended_at = now(),
             http_status = $2, headers = $3, body = $4,
             cost_micro_usd = coalesce((SELECT sum(cost_micro_usd) FROM ledger_entries WHERE call_id = $1), 0)
           WHERE id = $1 AND status = 'running'`,
    values: [answer.id, answer.status, JSON.stringify(answer.headers), answer.body],
  });
}

/** The call came to nothing that could be repeated; the next one with its key is made anew. */
export async function failCall(client: pg.PoolClient | pg.Pool, id: string): Promise<void> {
  await client.query(
    `UPDATE model_calls SET status = 'failed', owner = NULL, lease_until = NULL, ended_at = now()
     WHERE id = $1 AND status = 'running'`,
    [id],
  );
}

export async function renewCalls(pool: pg.Pool, ids: string[]): Promise<void> {
  await pool.query(
    `UPDATE model_calls SET lease_until = now() + make_interval(secs => ${CALL_LEASE_SECONDS})
     WHERE id = ANY($1) AND status = 'running'`,
    [ids],
  );
}

/** Recordings older than anybody would ask for. */
export async function dropOldCalls(pool: pg.Pool): Promise<void> {
  await pool.query(
    `DELETE FROM model_calls WHERE created_at < now() - make_interval(days => ${RECORDING_DAYS})`,
  );
}

function toRecorded(row: Row): Recorded {
  const { id, http_status: status, headers, body, cost_micro_usd: costMicroUsd } = row;
  return { id, status, headers, body, costMicroUsd };
}
