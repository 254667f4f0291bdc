import type { PromptBound } from "#gateway/calls/bound-request.ts";

/** The wire formats that callers and providers speak. */
export type WireName = "messages" | "chat" | "responses" | "speech";

/** A request of any wire, checked, with what the gateway must know of it to price and route it. */
export interface ModelRequest {
  readonly wire: WireName;
  readonly model: string;
  readonly stream: boolean;
  /** the request as checked */
  readonly value: Record<string, unknown>;
  /** the same as bytes: what is sent is what was checked */
  readonly body: Buffer;
  readonly bound: PromptBound;
  /** tokens of the answer at most, all its alternatives together; null: the caller did not say */
  readonly maxOutput: number | null;
  /** an answer cut below this many tokens would be refused by the provider, or worth nothing */
  readonly leastOutput: number;
  /** speech: characters to be read aloud */
  readonly characters: number;
}

/** The body for a provider: the checked one, or a copy of it with some fields changed. */
export function bodyWith(request: ModelRequest, changes: Record<string, unknown>): Buffer {
  const same = Object.entries(changes).every(([name, value]) => request.value[name] === value);
  return same ? request.body : Buffer.from(JSON.stringify({ ...request.value, ...changes }));
}
