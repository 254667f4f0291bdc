import type { HeldCall } from "#gateway/calls/call.ts";
import type { Ending } from "#gateway/calls/conclude-call.ts";

/** Ends a call, once; answers what is charged, micro-dollars. */
export type Conclude = (ending: Ending) => Promise<number>;

/** What the caller is told beside the provider's own headers. */
export function headersFor(held: HeldCall, headers: Record<string, string>): Record<string, string> {
  return {
    ...headers,
    ...(held.lowered ? { "x-carrel-max-tokens": String(held.output) } : {}),
    ...(held.target.model === held.request.model ? {} : { "x-carrel-model": held.target.model }),
  };
}
