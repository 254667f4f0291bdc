/**
 * The one error of Carrel and its closed set of codes. Thrown with a message for a person (what happened and what
 * to do); translated once at each border (HTTP, socket, gateway wire, command line) by this table.
 */
export const ERROR_CODES = {
  bad_request: { status: 400, level: "info", title: "The request is not valid" },
  unauthenticated: { status: 401, level: "info", title: "Not signed in" },
  over_cap: { status: 402, level: "info", title: "Over a spending cap" },
  forbidden: { status: 403, level: "info", title: "Not allowed" },
  not_found: { status: 404, level: "info", title: "Not found" },
  method_not_allowed: { status: 405, level: "info", title: "Method not allowed" },
  conflict: { status: 409, level: "info", title: "In conflict with the present state" },
  limit_reached: { status: 409, level: "info", title: "Limit reached" },
  too_large: { status: 413, level: "info", title: "Too large" },
  unsupported_media_type: { status: 415, level: "info", title: "Unsupported media type" },
  rate_limited: { status: 429, level: "info", title: "Too many requests" },
  internal: { status: 500, level: "error", title: "Something went wrong on our side" },
  upstream_failed: { status: 502, level: "warn", title: "An outside service failed" },
  unavailable: { status: 503, level: "warn", title: "Not available right now" },
  timeout: { status: 504, level: "warn", title: "It took too long" },
} as const satisfies Record<string, { status: number; level: "info" | "warn" | "error"; title: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

// Next bundles its own copy of this module, so `instanceof` would not hold across that border: a brand does.
const BRAND = Symbol.for("carrel.AppError");

export class AppError extends Error {
  readonly code: ErrorCode;
  /** Facts for the caller beyond the message, e.g. { retryAfterSeconds: 3 }. Never secrets. */
  readonly details: Record<string, unknown>;
  readonly [BRAND] = true;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: Record<string, unknown> } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.details = options.details ?? {};
  }
}

export function isAppError(error: unknown): error is AppError {
  return typeof error === "object" && error !== null && BRAND in error;
}

/** What a border shows of any error: an unexpected one is said in general words, its cause goes to the log alone. */
export function toAppError(error: unknown): AppError {
  if (isAppError(error)) return error;
  return new AppError("internal", "Something went wrong on our side. Nothing is lost; try again.", {
    cause: error,
  });
}
