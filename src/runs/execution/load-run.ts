import type pg from "pg";
import type { Decision, RunContext } from "#engines/engine.ts";
import type { ReviewKind } from "#events/vocabulary.ts";

export interface LoadedRun {
  engine: string;
  model: string;
  round: number;
  instructions: string | null;
  locale: string | null;
  policy: RunContext["policy"];
  requests: string[];
  decisions: RunContext["decisions"];
}

/** Reads what an execution starts from. The caller holds the run. */
export async function loadRun(pool: pg.Pool, runId: string): Promise<LoadedRun> {
  const { rows } = await pool.query<Omit<LoadedRun, "requests" | "decisions">>(
    `SELECT r.engine, r.model, r.round, a.instructions, u.locale,
            '{"approvePlan": false, "publish": "ask"}'::jsonb || a.policy AS policy
       FROM runs r JOIN agents a ON a.id = r.agent_id JOIN users u ON u.id = r.user_id WHERE r.id = $1`,
    [runId],
  );
  if (!rows[0]) throw new Error(`run ${runId} is gone`);
  const messages = await pool.query<{ text: string }>(
    "SELECT text FROM messages WHERE run_id = $1 AND role = 'user' ORDER BY created_at, id",
    [runId],
  );
  // A budget may have been asked about more than once: the last answer counts.
  const reviews = await pool.query<{ kind: ReviewKind } & Decision>(
    `SELECT kind, decision, comment, summary->'budget' AS budget FROM reviews
      WHERE run_id = $1 AND round = $2 AND decision IS NOT NULL ORDER BY decided_at, id`,
    [runId, rows[0].round],
  );
  return {
    ...rows[0],
    requests: messages.rows.map(({ text }) => text),
    decisions: Object.fromEntries(reviews.rows.map(({ kind, ...decision }) => [kind, decision])),
  };
}

/** The result of a step of an earlier round of this run, or of the agent's last run that finished such a step. */
export async function readEarlierResult(
  pool: pg.Pool,
  run: { runId: string; agentId: string; round: number },
  key: string,
): Promise<unknown> {
  const { rows } = await pool.query<{ result: unknown }>(
    `SELECT s.result FROM run_steps s JOIN runs r ON r.id = s.run_id
      WHERE r.agent_id = $1 AND s.status = 'done' AND s.key ~ '^r[0-9]+/' AND substr(s.key, strpos(s.key, '/') + 1) = $2
        AND r.created_at <= (SELECT created_at FROM runs WHERE id = $3)
        AND (r.id <> $3 OR substr(s.key, 2, strpos(s.key, '/') - 2)::int < $4)
      ORDER BY r.created_at DESC, s.ordinal DESC LIMIT 1`,
    [run.agentId, key, run.runId, run.round],
  );
  return rows[0]?.result ?? null;
}
