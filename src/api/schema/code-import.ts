import { z } from "zod";

const Import = z.object({
  state: z.enum(["pending", "importing", "done", "failed"]),
  repository: z.string(),
  branch: z.string(),
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
});

export const CodeImport = z.object({ import: Import.nullable() });
export type CodeImport = z.infer<typeof CodeImport>;

export const NewCodeImport = z.strictObject({
  branch: z
    .string()
    .max(200)
    // What git itself allows in a branch's name, without what could be read as anything else.
    .regex(/^(?![-/.])(?!.*(\.\.|\/\/|@\{|\.lock(\/|$)))[\w.@/+-]+(?<![/.])$/, "is not a branch's name")
    .optional()
    .meta({ description: "Default: the repository's default branch." }),
});
export type NewCodeImport = z.infer<typeof NewCodeImport>;
