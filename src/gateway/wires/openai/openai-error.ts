import { type AppError, ERROR_CODES, type ErrorCode } from "#platform/errors.ts";

/** Our codes in OpenAI's words (source: OpenAI API reference, Error codes): the type, and a code where it has one. */
const WORDS: Record<ErrorCode, readonly [type: string, code: string | null]> = {
  bad_request: ["invalid_request_error", null],
  unauthenticated: ["authentication_error", "invalid_api_key"],
  over_cap: ["insufficient_quota", "insufficient_quota"],
  forbidden: ["permission_error", null],
  not_found: ["invalid_request_error", "model_not_found"],
  method_not_allowed: ["invalid_request_error", null],
  conflict: ["invalid_request_error", "idempotency_error"],
  limit_reached: ["rate_limit_error", "rate_limit_exceeded"],
  too_large: ["invalid_request_error", "request_too_large"],
  unsupported_media_type: ["invalid_request_error", null],
  rate_limited: ["rate_limit_error", "rate_limit_exceeded"],
  internal: ["server_error", null],
  upstream_failed: ["server_error", "upstream_failed"],
  unavailable: ["server_error", "server_overloaded"],
  timeout: ["server_error", "timeout"],
};

export function openaiError(error: AppError): Record<string, unknown> {
  const [type, code] = WORDS[error.code];
  return { message: error.message, type, param: null, code };
}

export function openaiErrorBody(error: AppError): string {
  return JSON.stringify({ error: openaiError(error) });
}

/** The error event of the Responses wire. */
export function responsesErrorEvent(error: AppError): string {
  const { message, code } = openaiError(error);
  const data = { type: "error", code: code ?? String(ERROR_CODES[error.code].status), message, param: null };
  return `event: error\ndata: ${JSON.stringify({ ...data, sequence_number: 0 })}\n\n`;
}
