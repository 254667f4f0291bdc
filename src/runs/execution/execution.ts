import type pg from "pg";
import type { Logger } from "#platform/log.ts";
import type { Lease } from "#runs/execution/leases.ts";

/** What every part of one execution of a run needs to know. */
export interface Execution {
  runId: string;
  userId: string;
  agentId: string;
  fence: number;
  round: number;
  pool: pg.Pool;
  lease: Lease;
  log: Logger;
  gatewayUrl: string;
  runTokenSecret: string;
}
