import type pg from "pg";
import { appendEvents, type NewEvent } from "#events/log.ts";
import type { EventBody } from "#events/vocabulary.ts";
import { inTransaction } from "#platform/db.ts";
import { storableJson } from "#platform/storable.ts";
import { Interruption } from "#runs/execution/interruption.ts";
import { Told } from "#runs/execution/told.ts";

export interface StepRow {
  key: string;
  status: "running" | "done" | "failed";
  attempt: number;
  result: unknown;
}

/** What an earlier execution left: its steps, and what the log holds of those that are not done. */
export interface Checkpoints {
  steps: Map<string, StepRow>;
  told: Map<string, Told>;
}

interface ToldRow {
  key: string;
  type: EventBody["type"];
  stream?: "stdout" | "stderr";
  text?: string;
}

export async function loadCheckpoints(pool: pg.Pool, runId: string): Promise<Checkpoints> {
  const steps = await pool.query<StepRow>(
    "SELECT key, status, attempt, result FROM run_steps WHERE run_id = $1",
    [runId],
  );
  // The opening is every step's first event; a step that is done is not executed again.
  const events = await pool.query<ToldRow>(
    `SELECT step_key AS key, type, payload->>'stream' AS stream,
            CASE WHEN type = 'output' THEN payload->>'text' END AS text
       FROM run_events e WHERE run_id = $1 AND step_ordinal > 1
        AND NOT EXISTS (SELECT FROM run_steps WHERE run_id = $1 AND key = e.step_key AND status = 'done')
      ORDER BY step_key, step_ordinal`,
    [runId],
  );
  const told = new Map<string, Told>();
  for (const event of events.rows) {
    const before = told.get(event.key) ?? new Told();
    before.add(event);
    told.set(event.key, before);
  }
  return { steps: new Map(steps.rows.map((row) => [row.key, row])), told };
}

/**
 * Opens a step: its row and the events up to its first one, together.
 * @throws Interruption when the run is held by another
 */
export async function openStep(
  pool: pg.Pool,
  run: { runId: string; fence: number },
  step: { key: string; title: string },
  events: NewEvent[],
): Promise<void> {
  await inTransaction(pool, async (client) => {
    // On their way together: the append locks the run's row, so that what counts its steps counts them one by one.
    const appended = mustAppend(client, run, events);
    const opened = client.query({
      name: "open-step",
      text: `INSERT INTO run_steps (run_id, key, ordinal, title, status, started_at)
             SELECT $1, $2, count(*) + 1, $3, 'running', clock_timestamp() FROM run_steps WHERE run_id = $1`,
      values: [run.runId, step.key, step.title],
    });
    await Promise.all([appended, opened]);
  });
}

/**
 * Closes a step: its result and the events up to its last one, together, so that after a crash it is either whole or repeated.
 * Gives the result as the checkpoint gives it (jsonb orders keys anew), so that what is made from it is the same in
 * this execution and in a later one.
 * `events` gets what the step cost (micro-dollars) and how long it took.
 * @throws Interruption when the run is held by another
 */
export async function closeStep(
  pool: pg.Pool,
  run: { runId: string; fence: number },
  step: { key: string; status: "done" | "failed"; result: unknown },
  events: (figures: { costMicroUsd: number; durationMs: number }) => NewEvent[],
): Promise<unknown> {
  // Before anything is on its way: what cannot be written must not leave a query behind that nobody waits for.
  const written = storableJson(step.result);
  return inTransaction(pool, async (client) => {
    // The run's row first, as every append does, so that no two transactions wait for each other.
    const lock = client.query({
      name: "lock-run",
      text: `SELECT FROM runs WHERE id = $1 AND fence = $2 AND status = 'running' AND lease_until > now()
             FOR NO KEY UPDATE`,
      values: [run.runId, run.fence],
    });
    const close = client.query<{ result: unknown; costMicroUsd: number; durationMs: number }>({
      name: "close-step",
      text: `UPDATE run_steps SET status = $3, result = $4, ended_at = clock_timestamp()
              WHERE run_id = $1 AND key = $2
             RETURNING result, cost_micro_usd AS "costMicroUsd",
                       (extract(epoch FROM ended_at - started_at) * 1000)::int AS "durationMs"`,
      values: [run.runId, step.key, step.status, written],
    });
    const [held, { rows }] = await Promise.all([lock, close]);
    if (held.rowCount === 0) throw new Interruption("lost");
    if (!rows[0]) throw new Error(`step ${step.key} was closed but never opened`);
    const { result, ...figures } = rows[0];
    await mustAppend(client, run, events(figures));
    return result;
  });
}

async function mustAppend(
  client: pg.PoolClient,
  run: { runId: string; fence: number },
  events: NewEvent[],
): Promise<void> {
  if (!(await appendEvents(client, run, events))) throw new Interruption("lost");
}
