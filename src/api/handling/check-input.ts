import type { z } from "zod";
import { readJson } from "#api/handling/read-body.ts";
import type { Operation } from "#api/operation.ts";
import { AppError } from "#platform/errors.ts";

export interface Input {
  params: unknown;
  query: unknown;
  body: unknown;
}

/** Checks placeholders, query and body against the operation's schemas. @throws AppError by what is wrong */
export async function checkInput(
  operation: Operation,
  request: Request,
  given: Record<string, string | string[] | undefined>,
): Promise<Input> {
  const params = operation.params?.safeParse(given);
  if (params && !params.success) throw new AppError("not_found", "There is no such thing.");
  const query = operation.query ? check(operation.query, readQuery(request)) : noQuery(request);
  const body = operation.body ? check(operation.body, await readJson(request)) : undefined;
  return { params: params?.data, query, body };
}

function check<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  const detail = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join("; ");
  throw new AppError("bad_request", detail, { details: { errors } });
}

function noQuery(request: Request): void {
  const names = Object.keys(readQuery(request));
  if (names.length > 0) throw new AppError("bad_request", `Unknown query parameter: ${names.join(", ")}.`);
}

function readQuery(request: Request): Record<string, string> {
  const url = new URL(request.url);
  const query: Record<string, string> = Object.create(null);
  for (const [name, value] of url.searchParams) {
    if (name in query) throw new AppError("bad_request", `The query parameter ${name} is given twice.`);
    query[name] = value;
  }
  return query;
}
