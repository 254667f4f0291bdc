import type { Meter } from "#gateway/calls/meter.ts";
import type { CutBody } from "#gateway/http/cut-body.ts";
import type { ModelRequest, WireName } from "#gateway/model-request.ts";
import type { AppError } from "#platform/errors.ts";

/** One wire format: how its requests are read, its answers metered, and its errors said. */
export interface Wire {
  readonly name: WireName;
  /** @throws AppError bad_request for what is malformed or not offered */
  read(raw: CutBody): ModelRequest;
  /** the fields that say how long an answer may be */
  limitOutput(request: ModelRequest, tokens: number): Record<string, unknown>;
  meter(contentType: string, request: ModelRequest): Meter;
  /** an error as a whole answer's body */
  errorBody(error: AppError, requestId: string): string;
  /** an error in the middle of a stream, as events; null where the wire has no words for it */
  errorEvent(error: AppError, requestId: string): string | null;
}
