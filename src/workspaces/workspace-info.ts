import { z } from "zod";

const amount = z.number().nullable();
const share = z.number();

/** Bytes and seconds; null is a figure that nobody counts on this host. */
export const Figures = z.object({
  /** ISO 8601: when they were measured */
  at: z.string(),
  memoryBytes: amount,
  memoryLimitBytes: amount,
  cpuSeconds: amount,
  /** of what it may use, 0 to 1, since the last look */
  cpuShare: amount,
  processes: amount,
  processesLimit: amount,
  diskBytes: amount,
  diskLimitBytes: amount,
});
export type Figures = z.infer<typeof Figures>;

export const Warning = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("memory_high"), share }),
  z.object({ kind: z.literal("disk_high"), share }),
  z.object({ kind: z.literal("processes_high"), share }),
  z.object({ kind: z.literal("disk_full_soon"), fullAt: z.string() }),
  z.object({
    kind: z.literal("out_of_memory"),
    at: z.string(),
    /** null: none of the commands that we wait for, something that was left running */
    agentId: z.string().nullable(),
    command: z.string().nullable(),
  }),
]);
export type Warning = z.infer<typeof Warning>;

/** A workspace as web shows it. */
export interface WorkspaceInfo {
  state: "absent" | "starting" | "running" | "paused" | "stopped" | "failed";
  /** null: nobody lives who could make one */
  driver: string | null;
  error: string | null;
  languages: Record<string, string>;
  limits: { enforced: string[]; notEnforced: string[] };
  gauges: Figures | null;
  warnings: Warning[];
  /** waits for a place on a host: the how-manieth in line */
  queue: { place: number } | null;
  /** what the host is too short of to start it now */
  hostShort: "memory" | "disk" | null;
}
