import { z } from "zod";
import { type EventBody, type RunEvent, RunStatus } from "#events/vocabulary.ts";
import type { Sql } from "#platform/db.ts";
import { storableJson } from "#platform/storable.ts";

/** The channel on which every append is announced. It only says "look": the log itself is the truth. */
export const EVENTS_CHANNEL = "carrel_events";

/** What is said on EVENTS_CHANNEL, as JSON. */
const EventsNotice = z.object({
  runId: z.string(),
  userId: z.string(),
  agentId: z.string(),
  lastSeq: z.number(),
  /** the run's new status, when the batch holds a run_status */
  status: RunStatus.optional(),
});
export type EventsNotice = z.infer<typeof EventsNotice>;

/** null: not one of ours. Whoever may connect to the database may notify, and must not end who listens. */
export function readEventsNotice(payload: string): EventsNotice | null {
  try {
    return EventsNotice.parse(JSON.parse(payload));
  } catch {
    // Nothing is lost by it: what is in the log is read with the next notice.
    return null;
  }
}

export interface NewEvent {
  body: EventBody;
  /** The durable step that says it, and the how-manieth of that step it is (from 1). */
  stepKey?: string;
  stepOrdinal?: number;
}

const APPEND = `
WITH run AS (
  UPDATE runs SET last_seq = last_seq + $3
   WHERE id = $1 AND ($2::int IS NULL OR (fence = $2 AND status = 'running' AND lease_until > clock_timestamp()))
  RETURNING id, user_id, agent_id, last_seq
), stored AS (
  INSERT INTO run_events (run_id, seq, at, type, step_key, step_ordinal, payload)
  SELECT run.id, run.last_seq - $3 + item.place, clock_timestamp(), item.type, item.step_key, item.step_ordinal, item.payload
    FROM run, unnest($4::text[], $5::text[], $6::int[], $7::jsonb[])
         WITH ORDINALITY AS item(type, step_key, step_ordinal, payload, place)
)
SELECT last_seq, pg_notify('${EVENTS_CHANNEL}', jsonb_strip_nulls(jsonb_build_object(
         'runId', id, 'userId', user_id, 'agentId', agent_id, 'lastSeq', last_seq, 'status', $8::text))::text)
  FROM run`;

/**
 * Appends a batch in one statement: the run's counter gives the numbers, so there is no gap and no repeat, whoever
 * else appends. With a fence, only while that fence still holds the run. Inside a transaction the announcement
 * goes out with the commit.
 * @returns null when the run is gone or held under another fence; nothing was stored then.
 */
export async function appendEvents(
  sql: Sql,
  run: { runId: string; fence?: number },
  items: NewEvent[],
): Promise<{ firstSeq: number; lastSeq: number } | null> {
  if (items.length === 0) throw new RangeError("an empty batch has no sequence numbers");
  const status = items.flatMap(({ body }) => (body.type === "run_status" ? [body.status] : [])).at(-1);
  const { rows } = await sql.query<{ last_seq: number }>({
    name: "append-events",
    text: APPEND,
    values: [
      run.runId,
      run.fence ?? null,
      items.length,
      items.map((item) => item.body.type),
      items.map((item) => item.stepKey ?? null),
      items.map((item) => item.stepOrdinal ?? null),
      items.map(payloadOf),
      status ?? null,
    ],
  });
  const row = rows[0];
  return row ? { firstSeq: row.last_seq - items.length + 1, lastSeq: row.last_seq } : null;
}

/** The run's events after `after`, oldest first, at most `limit`. The caller has checked whose run it is. */
export async function readEvents(sql: Sql, runId: string, after: number, limit: number): Promise<RunEvent[]> {
  const { rows } = await sql.query<{ seq: number; at: Date; type: string; payload: object }>({
    name: "read-events",
    text: "SELECT seq, at, type, payload FROM run_events WHERE run_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
    values: [runId, after, limit],
  });
  return rows.map(
    ({ seq, at, type, payload }) => ({ runId, seq, at: at.toISOString(), type, ...payload }) as RunEvent,
  );
}

function payloadOf({ body }: NewEvent): string {
  const { type: _kept, ...rest } = body;
  return storableJson(rest);
}
