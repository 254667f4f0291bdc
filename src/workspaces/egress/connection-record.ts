/** One way out that a workspace asked for. */
export interface ConnectionRecord {
  id: string;
  userId: string;
  /** as the workspace says it; nothing is decided by it */
  agentId: string | null;
  host: string;
  port: number;
  outcome: "open" | "closed" | "refused" | "failed";
  /** why it was refused or failed, in a word */
  reason: string | null;
  /** the same refusal again within one batch is counted here */
  attempts: number;
  /** to the workspace, from it */
  bytesIn: number;
  bytesOut: number;
  startedAt: Date;
  endedAt: Date | null;
}
