import type { ServerResponse } from "node:http";
import type { Wire } from "#gateway/wires/wire.ts";
import { type AppError, ERROR_CODES } from "#platform/errors.ts";

/** Says an error as the caller's own SDK knows it. */
export function writeError(response: ServerResponse, wire: Wire, error: AppError, requestId: string): void {
  // Half an answer is out already: only a broken connection says that the rest will not come.
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "x-carrel-request-id": requestId,
  };
  const { retryAfterSeconds } = error.details;
  if (typeof retryAfterSeconds === "number") headers["retry-after"] = String(retryAfterSeconds);
  // SDKs repeat a 409 by themselves; the same key with another body stays wrong.
  if (error.code === "conflict") headers["x-should-retry"] = "false";
  // A body that was not read to its end leaves the connection in the middle of a request.
  if (!response.req.complete) headers.connection = "close";
  response.writeHead(ERROR_CODES[error.code].status, headers);
  response.end(wire.errorBody(error, requestId));
}
