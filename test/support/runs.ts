import { createUser } from "#accounts/users.ts";
import type { Database } from "#platform/db.ts";
import { newId } from "#platform/ids.ts";

export interface Desk {
  userId: string;
  agents: string[];
}

/** A user with agents, and a cap on concurrent runs. */
export async function makeDesk(
  db: Database,
  options: { agents?: number; maxRuns?: number; policy?: object } = {},
): Promise<Desk> {
  const { id: userId } = await createUser(db, { email: `${newId()}@example.org` });
  if (options.maxRuns !== undefined)
    await db.pool.query("UPDATE quotas SET max_runs = $2 WHERE user_id = $1", [userId, options.maxRuns]);
  const agents: string[] = [];
  for (let n = 0; n < (options.agents ?? 1); n += 1) agents.push(await addAgent(db, userId, options.policy));
  return { userId, agents };
}

export async function addAgent(db: Database, userId: string, policy: object = {}): Promise<string> {
  const id = newId();
  await db.pool.query(
    "INSERT INTO agents (id, user_id, name, model, policy) VALUES ($1, $2, 'agent', 'demo', $3)",
    [id, userId, policy],
  );
  return id;
}

export interface RunState {
  status: string;
  round: number;
  fence: number;
  lastSeq: number;
  error: { code: string; detail: string } | null;
}

export async function runState(db: Database, runId: string): Promise<RunState> {
  const { rows } = await db.pool.query<RunState>(
    'SELECT status, round, fence, last_seq AS "lastSeq", error FROM runs WHERE id = $1',
    [runId],
  );
  return rows[0] as RunState;
}

export async function slotsHeld(db: Database, userId: string): Promise<number> {
  const { rows } = await db.pool.query<{ running: number }>("SELECT running FROM quotas WHERE user_id = $1", [
    userId,
  ]);
  return rows[0]?.running as number;
}

/** Waits for something to become true; the deadline only ends a test that would hang. */
export async function until(what: string, holds: () => Promise<boolean>, withinMs = 60_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
