import { z } from "zod";

const Change = z.object({
  search: z.string().min(1).describe("lines of the file, word for word; they occur exactly once in it"),
  replace: z.string().describe("what stands there instead"),
});
export type Change = z.infer<typeof Change>;

const Edit = z.object({
  path: z.string().min(1).max(200),
  changes: z
    .array(Change)
    .min(1)
    .max(50)
    .optional()
    .describe("of a file that was shown: what to replace in it"),
  content: z
    .string()
    .optional()
    .describe("in place of changes: the whole text, of a new file or a short one"),
});
export type Edit = z.infer<typeof Edit>;

/** What the repairer answers. */
export const Edits = z.object({
  explanation: z
    .string()
    .min(1)
    .max(4_000)
    .describe("what was wrong and what was changed, in one or two sentences"),
  edits: z.array(Edit).min(1).max(20),
});
export type Edits = z.infer<typeof Edits>;
