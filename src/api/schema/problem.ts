import { z } from "zod";
import { ERROR_CODES, type ErrorCode } from "#platform/errors.ts";

/** RFC 9457. */
export const Problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
});
export type Problem = z.infer<typeof Problem>;
