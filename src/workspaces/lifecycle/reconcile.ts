import type { Sql } from "#platform/db.ts";
import { isAppError } from "#platform/errors.ts";
import type { Logger } from "#platform/log.ts";
import type { WorkspaceDriver } from "#workspaces/driver.ts";
import type { Holdings } from "#workspaces/holdings.ts";
import type { WorkspaceState } from "#workspaces/workspace-row.ts";

interface Row {
  userId: string;
  state: WorkspaceState;
  driver: string;
  /** another living runner owns it */
  elsewhere: boolean;
  idleMs: number;
}

const ROWS = `
SELECT user_id AS "userId", state, driver,
       coalesce(runner_id <> $2 AND lease_until > clock_timestamp(), false) AS elsewhere,
       coalesce(extract(epoch FROM clock_timestamp() - greatest(used_at, watched_until - interval '90 s')) * 1000, 0)::float8 AS "idleMs"
  FROM workspaces WHERE user_id = ANY($1)`;

export interface Reconciling {
  sql: Sql;
  runnerId: string;
  holdings: Holdings;
  adopt(userId: string, state: "up" | "paused", idleMs: number): Promise<void>;
  /** its place on this host is free, should it still have one */
  vacate(userId: string): void;
  log: Logger;
}

/**
 * Compares what runs on this host with what the rows say. What is to live and has no living runner is adopted; what
 * is not to live (stopped, or its user is gone) is ended; what we took for running and is not, is written down as
 * stopped. What another living runner owns is its own affair, and another installation's is never seen here.
 */
export async function reconcile(work: Reconciling, driver: WorkspaceDriver): Promise<void> {
  const running = await driver.running();
  const { rows } = await work.sql.query<Row>(ROWS, [running, work.runnerId]);
  const known = new Map(rows.map((row) => [row.userId, row]));
  for (const userId of running) {
    await settle(work, driver, userId, known.get(userId)).catch((error: unknown) => {
      // Another runner took it at this moment, or it does not end: the others must not wait for it.
      if (!isAppError(error) || error.code !== "conflict")
        work.log.warn({ err: error, userId }, "an orphan stays");
    });
  }
  await noteFallen(work, driver, new Set(running));
  await driver.tidy?.();
}

async function settle(
  work: Reconciling,
  driver: WorkspaceDriver,
  userId: string,
  row: Row | undefined,
): Promise<void> {
  if (row === undefined) {
    work.log.info({ userId }, "a workspace whose user is gone is ended");
    return driver.stop(userId);
  }
  if (row.elsewhere || row.driver !== driver.name) return;
  const held = work.holdings.find(userId);
  // On its way up, or about to end: whoever turns it will say so.
  if (held && (held.phase !== "down" || held.turning)) return;
  const toLive = row.state === "running" || row.state === "paused" || row.state === "starting";
  if (held || !toLive) {
    work.log.info({ userId, state: row.state }, "a workspace that is not to run is ended");
    return (held ?? (await work.holdings.hold(userId))).down();
  }
  const { state } = await driver.status(userId);
  if (state !== "running" && state !== "paused") return;
  work.log.info({ userId, state }, "an orphaned workspace is adopted");
  await work.adopt(userId, state === "paused" ? "paused" : "up", row.idleMs);
}

async function noteFallen(work: Reconciling, driver: WorkspaceDriver, running: Set<string>): Promise<void> {
  for (const held of work.holdings.all()) {
    if (held.driverName !== driver.name || running.has(held.userId)) continue;
    if (held.phase === "down") {
      // A stop that failed half-way kept its place.
      if (!held.turning) work.vacate(held.userId);
      continue;
    }
    const { state } = await driver.status(held.userId);
    if (state === "running" || state === "paused" || held.turning) continue;
    work.log.info({ userId: held.userId }, "a workspace ended by itself");
    await held.fell();
  }
}

/** Removes what is left here of users that were erased; `since`: when this was last done here, null: never. */
export async function removeErased(
  sql: Sql,
  drivers: WorkspaceDriver[],
  since: Date | null,
  log: Logger,
): Promise<void> {
  // Hosts that were away for so long have had their time.
  await sql.query("DELETE FROM erased_workspaces WHERE erased_at < clock_timestamp() - interval '30 days'");
  const { rows } = await sql.query<{ userId: string }>(
    `SELECT user_id AS "userId" FROM erased_workspaces e
      WHERE ($1::timestamptz IS NULL OR erased_at > $1::timestamptz - interval '5 min')
        AND NOT EXISTS (SELECT FROM workspaces w WHERE w.user_id = e.user_id)`,
    [since],
  );
  for (const { userId } of rows) {
    for (const driver of drivers) {
      if ((await driver.status(userId)).state === "absent") continue;
      log.info({ userId, driver: driver.name }, "the workspace of an erased user is removed");
      await driver.destroy(userId);
    }
  }
}
