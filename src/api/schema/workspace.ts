import { z } from "zod";
import { Id, Time } from "#api/schema/primitives.ts";

const gauge = z.number().nullable().meta({ description: "null: this host cannot measure it." });

export const Gauges = z.object({
  at: Time,
  memoryBytes: gauge,
  memoryLimitBytes: gauge,
  cpuSeconds: gauge,
  cpuShare: gauge.meta({ description: "Of the processors that it may use, 0 to 1." }),
  processes: gauge,
  processesLimit: gauge,
  diskBytes: gauge,
  diskLimitBytes: gauge,
});
export type Gauges = z.infer<typeof Gauges>;

const share = z.number().meta({ description: "Of the limit, 0 to 1." });

export const Warning = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("memory_high"), share }),
  z.object({ kind: z.literal("disk_high"), share }),
  z.object({ kind: z.literal("processes_high"), share }),
  z.object({ kind: z.literal("disk_full_soon"), fullAt: Time }),
  z.object({
    kind: z.literal("out_of_memory"),
    at: Time,
    agentId: Id.nullable(),
    command: z
      .string()
      .nullable()
      .meta({ description: "What was ended; null: something that was left running." }),
  }),
]);
export type Warning = z.infer<typeof Warning>;

export const Workspace = z.object({
  state: z.enum(["absent", "starting", "running", "paused", "stopped", "failed"]),
  driver: z.string().nullable(),
  error: z.string().nullable(),
  languages: z.record(z.string(), z.string()).meta({ description: "What was found inside, with versions." }),
  limits: z
    .object({ enforced: z.array(z.string()), notEnforced: z.array(z.string()) })
    .meta({ description: "What this host makes a workspace obey, and what it cannot." }),
  gauges: Gauges.nullable().meta({ description: "null: it does not run." }),
  warnings: z.array(Warning).meta({ description: "What is wrong with it now, worst first." }),
  queue: z
    .object({ place: z.int() })
    .nullable()
    .meta({ description: "Its place in line for a host that is full; null: it waits for none." }),
  hostShort: z
    .enum(["memory", "disk"])
    .nullable()
    .meta({ description: "What the host is too short of to start it now." }),
});
export type Workspace = z.infer<typeof Workspace>;

export const File = z.object({
  path: z.string(),
  type: z.enum(["file", "directory", "link", "other"]),
  size: z.int(),
  mode: z.int(),
  modifiedAt: Time,
});
export type File = z.infer<typeof File>;

export const FileList = z.object({ files: z.array(File) });
export type FileList = z.infer<typeof FileList>;

/** Longest a snippet may run, milliseconds. */
export const EXEC_TIMEOUT_MS = 300_000;

export const Snippet = z.strictObject({
  language: z.enum(["javascript", "typescript", "python", "bash"]),
  code: z
    .string()
    .min(1)
    .refine((code) => !code.includes("\u0000"), "holds a null character"),
  timeoutMs: z.int().min(1).max(EXEC_TIMEOUT_MS).optional().meta({ description: "Default: 60000." }),
});
export type Snippet = z.infer<typeof Snippet>;

export const SnippetResult = z.object({
  exitCode: z.int().nullable().meta({ description: "null: ended by a signal." }),
  stdout: z.string(),
  stderr: z.string(),
  durationMs: z.number(),
  timedOut: z.boolean(),
  outOfMemory: z.boolean(),
  truncated: z.boolean(),
});
export type SnippetResult = z.infer<typeof SnippetResult>;
