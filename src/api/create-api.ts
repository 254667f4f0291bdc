import { authorise, type Identity, requireScope } from "#accounts/authorise.ts";
import type { ApiParts } from "#api/api-parts.ts";
import { checkInput } from "#api/handling/check-input.ts";
import { problemResponse } from "#api/handling/problem.ts";
import { openApiDocument } from "#api/openapi/openapi.ts";
import type { Answer, Operation } from "#api/operation.ts";
import { OPERATIONS } from "#api/operations.ts";
import { AppError, ERROR_CODES, isAppError, toAppError } from "#platform/errors.ts";
import { ADDRESS_HEADER, REQUEST_ID_HEADER } from "#platform/http.ts";

export type RouteParams = Record<string, string | string[] | undefined>;

/** The API as route files see it. */
export interface Api {
  /** Answers a request for `path` (below /api/v1, with placeholders); never throws. */
  answer(path: string, request: Request, params: RouteParams): Promise<Response>;
  /** the OpenAPI document */
  document(): unknown;
}

/** The one way of every request: address, credential, scope, user's rate, input, handler, answer. */
export function createApi(parts: ApiParts): Api {
  const table = new Map<string, Operation>();
  for (const operation of OPERATIONS) table.set(`${operation.method} ${operation.path}`, operation);

  async function run(path: string, request: Request, params: RouteParams): Promise<Response> {
    const identity = await admit(parts, request);
    const method = request.method === "HEAD" ? "GET" : request.method;
    const operation = table.get(`${method} ${path}`);
    if (!operation) throw unknownOperation(path);
    requireScope(identity, operation.scope);
    await parts.rateLimits.user(identity.userId);
    const input = await checkInput(operation, request, params);
    const answer = await operation.handle({ parts, identity, request, ...input });
    return answer instanceof Response ? answer : toResponse(answer);
  }

  let document: unknown;
  return {
    document() {
      document ??= openApiDocument(parts.appUrl.origin, parts.cookie.name);
      return document;
    },
    async answer(path, request, params) {
      const requestId = request.headers.get(REQUEST_ID_HEADER) ?? "";
      try {
        return await run(path, request, params);
      } catch (error) {
        return refuse(parts, error, { requestId, method: request.method, path });
      }
    },
  };
}

async function admit(parts: ApiParts, request: Request): Promise<Identity> {
  const address = request.headers.get(ADDRESS_HEADER) ?? "";
  await parts.rateLimits.address(address);
  try {
    return await authorise(parts.db, parts.cookie, {
      authorization: request.headers.get("authorization"),
      cookie: request.headers.get("cookie"),
    });
  } catch (error) {
    if (isAppError(error)) await parts.rateLimits.refusedAt(address);
    throw error;
  }
}

function unknownOperation(path: string): AppError {
  const methods = OPERATIONS.filter((operation) => operation.path === path)
    .map(({ method }) => method)
    .sort();
  if (methods.length === 0) return new AppError("not_found", "There is no such address in this API.");
  return new AppError("method_not_allowed", `Only ${methods.join(", ")} can be asked of this address.`, {
    details: { headers: { allow: methods.join(", ") } },
  });
}

function toResponse({ status, body, headers }: Answer): Response {
  const text = body === undefined ? null : JSON.stringify(body);
  return new Response(text, {
    status,
    headers: {
      ...(text !== null && { "content-type": "application/json" }),
      "cache-control": "no-store",
      ...headers,
    },
  });
}

function refuse(
  parts: ApiParts,
  error: unknown,
  request: { requestId: string; method: string; path: string },
): Response {
  const known = toAppError(error);
  const level = ERROR_CODES[known.code].level;
  parts.log[level]({ ...request, code: known.code, err: known.cause ?? undefined }, known.message);
  return problemResponse(known);
}
