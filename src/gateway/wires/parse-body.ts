import { isUtf8 } from "node:buffer";
import type { z } from "zod";
import { AppError } from "#platform/errors.ts";

/**
 * Reads a JSON body against a schema.
 * @throws AppError bad_request, with the first thing that is wrong
 */
export function parseBody<S extends z.ZodType>(schema: S, raw: Buffer): z.infer<S> {
  const parsed = schema.safeParse(parseJson(raw));
  if (!parsed.success) throw new AppError("bad_request", sayIssue(parsed.error));
  return parsed.data;
}

export function notOffered(what: string): AppError {
  return new AppError("bad_request", `This gateway does not offer ${what}.`);
}

function parseJson(raw: Buffer): unknown {
  if (!isUtf8(raw)) throw new AppError("bad_request", "The body is not valid UTF-8.");
  try {
    return JSON.parse(raw.toString("utf8"));
  } catch (error) {
    throw new AppError("bad_request", "The body is not valid JSON.", { cause: error });
  }
}

function sayIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return "The body is not a request of this wire.";
  const where = issue.path.join(".");
  return where === "" ? issue.message : `${where}: ${issue.message}`;
}
