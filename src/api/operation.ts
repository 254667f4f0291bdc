import type { z } from "zod";
import type { Identity } from "#accounts/authorise.ts";
import type { ApiParts } from "#api/api-parts.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What an operation's handler is given: everything is checked already but for whose the thing is. */
export interface Call<P = unknown, Q = unknown, B = unknown> {
  readonly parts: ApiParts;
  readonly identity: Identity;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly request: Request;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface ResponseShape {
  readonly description: string;
  /** JSON of this shape, unless `content` says otherwise; neither: no body */
  readonly schema?: z.ZodType;
  /** media types of a body that is not JSON, or not only */
  readonly content?: readonly string[];
}

/**
 * One operation of the API: the route, the check, the document and the code in one object. What it refuses is not
 * declared here: every operation may answer with a problem.
 */
export interface Operation<P = unknown, Q = unknown, B = unknown> {
  readonly id: string;
  readonly method: Method;
  /** below /api/v1, with {placeholders} */
  readonly path: string;
  readonly scope: "api" | "api:read";
  readonly tag: string;
  readonly summary: string;
  /** a placeholder that does not fit its schema is an id that nothing has: 404 */
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
  /** the request's body is a file; the handler streams it */
  readonly takesBytes?: boolean;
  /** honours Idempotency-Key */
  readonly idempotent?: boolean;
  readonly responses: Readonly<Record<number, ResponseShape>>;
  handle(call: Call<P, Q, B>): Promise<Answer | Response>;
}

/** Infers the handler's types from the schemas beside it. */
export function operation<P, Q, B>(given: Operation<P, Q, B>): Operation<P, Q, B> {
  return given;
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}
