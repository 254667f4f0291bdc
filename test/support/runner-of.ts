import type { Stack, StackPart } from "./stack.ts";

/** The part whose runner has this user's workspace, and with it executes their runs. */
export async function runnerOf({ database, runnerUrls }: Stack, userId: string): Promise<StackPart> {
  const { rows } = await database.db.pool.query<{ address: string }>(
    "SELECT address FROM workspaces WHERE user_id = $1",
    [userId],
  );
  const index = runnerUrls.indexOf(rows[0]?.address ?? "");
  if (index < 0) throw new Error(`no runner at ${rows[0]?.address}`);
  return index === 0 ? "runner" : `runner${index}`;
}
