/** What a queued run waits for. */
export const WAITS_FOR = ["host_full", "host_short", "own_runs", "agent", "runs"] as const;
export type WaitsFor = (typeof WAITS_FOR)[number];

export interface RunQueue {
  /** from 1, in the line of what it waits for */
  place: number;
  waitsFor: WaitsFor;
}

/**
 * SQL: the queue of the run in alias `r`, as JSON; null unless it is queued. Where its workspace has no place on a
 * host, its place is the one in that host's line; else among all runs that wait.
 */
export const RUN_QUEUE = `
CASE WHEN r.status = 'queued' THEN coalesce(
  (SELECT jsonb_build_object(
            'place', (SELECT count(*) FROM workspace_waits o WHERE o.runner_id = x.runner_id
                         AND o.until > clock_timestamp() AND (o.since, o.user_id) <= (x.since, x.user_id)),
            'waitsFor', CASE WHEN h.short IS NULL THEN 'host_full' ELSE 'host_short' END)
     FROM workspace_waits x LEFT JOIN runners h ON h.id = x.runner_id
    WHERE x.user_id = r.user_id AND x.until > clock_timestamp()
      AND NOT EXISTS (SELECT FROM runs o WHERE o.agent_id = r.agent_id AND o.status IN ('running', 'awaiting_review'))),
  jsonb_build_object(
    'place', (SELECT count(*) FROM runs o WHERE o.status = 'queued' AND (o.created_at, o.id) <= (r.created_at, r.id)),
    'waitsFor', CASE
      WHEN EXISTS (SELECT FROM runs o WHERE o.agent_id = r.agent_id AND o.status IN ('running', 'awaiting_review')) THEN 'agent'
      WHEN EXISTS (SELECT FROM quotas q WHERE q.user_id = r.user_id AND q.running >= q.max_runs) THEN 'own_runs'
      ELSE 'runs' END)) END`;
