import type { Operation } from "#api/operation.ts";

const WHY: Record<number, string> = {
  400: "Not valid: the detail says which field",
  401: "No credential, or one that no longer holds",
  403: "The token lacks the scope, or the account is suspended",
  404: "There is no such thing, or it is another user's",
  409: "In conflict with the present state, or a limit is reached",
  413: "Too large",
  415: "Not JSON",
  429: "Too many requests; see retry-after",
  500: "Our fault",
  503: "Not available right now",
};

export const SHARED_HEADERS = {
  RequestId: { description: "The request's name in the log", schema: { type: "string" } },
  RetryAfter: { description: "Seconds to wait", schema: { type: "integer" } },
};

/** The problems that an operation may answer with, by what it takes. */
export function errorResponses(operation: Operation): Record<string, unknown> {
  const { params, body, takesBytes, method } = operation;
  const statuses = [
    400,
    401,
    403,
    ...(params ? [404] : []),
    ...(method === "GET" ? [] : [409]),
    ...(body || takesBytes ? [413] : []),
    ...(body ? [415] : []),
    429,
    500,
    503,
  ];
  return Object.fromEntries(statuses.map((status) => [status, problem(status)]));
}

function problem(status: number): unknown {
  return {
    description: WHY[status],
    headers: {
      "x-request-id": { $ref: "#/components/headers/RequestId" },
      ...(status === 429 && { "retry-after": { $ref: "#/components/headers/RetryAfter" } }),
    },
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  };
}
