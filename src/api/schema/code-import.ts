import { z } from "zod";
import { isStorable } from "#api/schema/primitives.ts";
import { FAULT_NAMES } from "#imports/faults.ts";

const Import = z.object({
  source: z.enum(["repository", "upload"]),
  state: z.enum(["pending", "importing", "done", "failed"]),
  repository: z.string().meta({ description: "`owner/name`; empty for an upload." }),
  branch: z.string().meta({ description: "Empty where there is none." }),
  fileName: z.string().nullable().meta({ description: "The uploaded file's own name." }),
  commitSha: z.string().nullable(),
  filesTotal: z.int().nullable(),
  filesDone: z.int(),
  skipped: z
    .array(
      z.object({
        path: z.string(),
        reason: z.enum(["link", "submodule", "too_large", "not_kept", "path"]),
      }),
    )
    .meta({ description: "What was left out, up to 200 files. Publishing leaves them as they are." }),
  error: z.string().nullable(),
  code: z.string().nullable().meta({ description: "The error's code, one of those that problems have." }),
  reason: z
    .enum(FAULT_NAMES)
    .nullable()
    .meta({ description: "What is wrong with an uploaded file; `error` says it in words." }),
  entry: z.string().nullable().meta({ description: "The entry of it that has the fault." }),
});

export const CodeImport = z.object({ import: Import.nullable() });
export type CodeImport = z.infer<typeof CodeImport>;

const BranchName = z
  .string()
  .max(200)
  // What git itself allows in a branch's name, without what could be read as anything else.
  .regex(/^(?![-/.])(?!.*(\.\.|\/\/|@\{|\.lock(\/|$)))[\w.@/+-]+(?<![/.])$/, "is not a branch's name");

export const NewCodeImport = z.strictObject({
  branch: BranchName.optional().meta({ description: "Default: the repository's default branch." }),
});
export type NewCodeImport = z.infer<typeof NewCodeImport>;

export const NewUpload = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(255)
    .refine((name) => isStorable(name) && !/\p{Cc}/u.test(name), "holds a character that a name cannot hold")
    .meta({ description: "The file's own name, to be shown; what it holds is told by its bytes." }),
  branch: BranchName.optional().meta({
    description: "Which one of a bundle. Default: the one that its HEAD stands on, or its only one.",
  }),
});
