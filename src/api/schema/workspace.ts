import { z } from "zod";
import { Time } from "#api/schema/primitives.ts";

const gauge = z.number().nullable().meta({ description: "null: this host cannot measure it." });

export const Gauges = z.object({
  memoryBytes: gauge,
  memoryLimitBytes: gauge,
  cpuSeconds: gauge,
  processes: gauge,
  processesLimit: gauge,
  diskBytes: gauge,
  diskLimitBytes: gauge,
});
export type Gauges = z.infer<typeof Gauges>;

export const Workspace = z.object({
  state: z.enum(["absent", "starting", "running", "paused", "stopped", "failed"]),
  driver: z.string().nullable(),
  error: z.string().nullable(),
  languages: z.record(z.string(), z.string()).meta({ description: "What was found inside, with versions." }),
  limits: z
    .object({ enforced: z.array(z.string()), notEnforced: z.array(z.string()) })
    .meta({ description: "What this host makes a workspace obey, and what it cannot." }),
  gauges: Gauges.nullable(),
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
