import { z } from "zod";
import type { Sql } from "#platform/db.ts";

/** What a user chose for the network of the own workspace: a switch, and hosts beside the operator's. */
export interface ChosenEgress {
  enabled: boolean;
  /** `host`, `host:port`, `*.host` */
  allow: string[];
}

/** The same beside what the operator lets through for everybody, as a runner tells it. */
export const EgressPolicy = z.object({
  enabled: z.boolean(),
  allow: z.array(z.string()),
  operatorAllow: z.array(z.string()),
});
export type EgressPolicy = z.infer<typeof EgressPolicy>;

export async function readEgressPolicy(sql: Sql, userId: string): Promise<ChosenEgress> {
  const { rows } = await sql.query<ChosenEgress>(
    "SELECT enabled, allow FROM egress_policies WHERE user_id = $1",
    [userId],
  );
  return rows[0] ?? { enabled: true, allow: [] };
}

export async function writeEgressPolicy(sql: Sql, userId: string, chosen: ChosenEgress): Promise<void> {
  await sql.query(
    `INSERT INTO egress_policies (user_id, enabled, allow) VALUES ($1, $2, $3)
     ON CONFLICT (user_id) DO UPDATE SET enabled = $2, allow = $3`,
    [userId, chosen.enabled, chosen.allow],
  );
}
