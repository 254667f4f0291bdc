import { z } from "zod";

const amount = z.number().nullable();

/** A workspace as web shows it. Bytes and seconds; null is a figure that nobody counts on this host. */
export const WorkspaceInfo = z.object({
  state: z.enum(["absent", "starting", "running", "paused", "stopped", "failed"]),
  driver: z.string(),
  error: z.string().nullable(),
  languages: z.record(z.string(), z.string()),
  limits: z.object({ enforced: z.array(z.string()), notEnforced: z.array(z.string()) }),
  gauges: z
    .object({
      memoryBytes: amount,
      memoryLimitBytes: amount,
      cpuSeconds: amount,
      processes: amount,
      processesLimit: amount,
      diskBytes: amount,
      diskLimitBytes: amount,
    })
    .nullable(),
});
export type WorkspaceInfo = z.infer<typeof WorkspaceInfo>;
