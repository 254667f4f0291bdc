import { type AppError, ERROR_CODES } from "#platform/errors.ts";

/** An error as RFC 9457 tells it. The web server itself adds the request's id. */
export function problemResponse(error: AppError): Response {
  const { status, title } = ERROR_CODES[error.code];
  const { retryAfterSeconds, headers, ...extensions } = error.details;
  const body = {
    type: `urn:carrel:problem:${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    ...extensions,
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(status === 401 && { "www-authenticate": 'Bearer realm="carrel"' }),
      ...(typeof retryAfterSeconds === "number" && { "retry-after": String(retryAfterSeconds) }),
      ...(isHeaders(headers) && headers),
    },
  });
}

function isHeaders(value: unknown): value is Record<string, string> {
  return typeof value === "object" && value !== null;
}
