import { z } from "zod";
import type { Sql } from "#platform/db.ts";

/** The channel on which runners hear that there is something to claim or to cancel. The rows are the truth. */
export const WORK_CHANNEL = "carrel_work";

export const WorkNotice = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("claim") }),
  z.object({ kind: z.literal("cancel"), runId: z.string() }),
]);
export type WorkNotice = z.infer<typeof WorkNotice>;

/** Inside a transaction the notice goes out with the commit. */
export async function announceWork(sql: Sql, notice: WorkNotice): Promise<void> {
  await sql.query("SELECT pg_notify($1, $2)", [WORK_CHANNEL, JSON.stringify(notice)]);
}

/** null: not one of ours; then the rows tell. */
export function readNotice(payload: string): WorkNotice | null {
  try {
    return WorkNotice.parse(JSON.parse(payload));
  } catch {
    // Anybody who may connect may notify; what is not understood only makes us look.
    return null;
  }
}
