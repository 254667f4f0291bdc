import { createHash } from "node:crypto";
import type { PromptBound } from "#gateway/calls/bound-request.ts";
import { joinBody, type Parts } from "#gateway/http/cut-body.ts";

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
  /** what was cut out of it, to be put back when it is sent */
  readonly parts: Parts;
  readonly bound: PromptBound;
  /** tokens of the answer at most, all its alternatives together; null: the caller did not say */
  readonly maxOutput: number | null;
  /** an answer cut below this many tokens would be refused by the provider, or worth nothing */
  readonly leastOutput: number;
  /** speech: characters to be read aloud */
  readonly characters: number;
}

/** SHA-256 of the whole body. */
export function hashOf({ body, parts }: Pick<ModelRequest, "body" | "parts">, prefix = ""): string {
  const hash = createHash("sha256").update(prefix);
  for (const piece of joinBody(body, parts)) hash.update(piece);
  return hash.digest("hex");
}

/** The body for a provider: the checked one, or a copy of it with some fields changed. */
export function bodyWith(request: ModelRequest, changes: Record<string, unknown>): Buffer {
  const same = Object.entries(changes).every(([name, value]) => request.value[name] === value);
  return same ? request.body : Buffer.from(JSON.stringify({ ...request.value, ...changes }));
}
