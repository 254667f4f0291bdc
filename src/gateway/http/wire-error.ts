import type { AppError, ErrorCode } from "#platform/errors.ts";

/** Our codes in Anthropic's words (source: Anthropic API reference, Errors). */
const TYPES: Record<ErrorCode, string> = {
  bad_request: "invalid_request_error",
  unauthenticated: "authentication_error",
  over_cap: "billing_error",
  forbidden: "permission_error",
  not_found: "not_found_error",
  method_not_allowed: "invalid_request_error",
  conflict: "conflict_error",
  limit_reached: "rate_limit_error",
  too_large: "request_too_large",
  unsupported_media_type: "invalid_request_error",
  rate_limited: "rate_limit_error",
  internal: "api_error",
  upstream_failed: "api_error",
  unavailable: "overloaded_error",
  timeout: "timeout_error",
};

/** An error as Anthropic's own SDKs know it. */
export function wireErrorBody(error: AppError, requestId: string): string {
  return JSON.stringify({
    type: "error",
    error: { type: TYPES[error.code], message: error.message },
    request_id: requestId,
  });
}
