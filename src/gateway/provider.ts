import type { Parts } from "#gateway/http/cut-body.ts";
import type { CountTokensRequest } from "#gateway/messages-wire.ts";
import type { WireName } from "#gateway/model-request.ts";
import type { Price } from "#ledger/prices.ts";

export interface UpstreamCall {
  callId: string;
  wire: WireName;
  model: string;
  /** the answer comes in pieces */
  stream: boolean;
  /** what was checked, as it goes to the provider */
  value: Record<string, unknown>;
  /** the same as bytes, for who passes them on */
  body: Buffer;
  /** what was cut out of them, to be put back */
  parts: Parts;
  /** `anthropic-version`, `anthropic-beta`: what of the caller's headers the wire gives a meaning */
  headers: Record<string, string>;
  /** the caller's own key, in place of the installation's */
  ownKey?: string;
  signal: AbortSignal;
}

export interface CountCall extends Pick<UpstreamCall, "callId" | "headers" | "ownKey" | "parts" | "signal"> {
  request: CountTokensRequest;
  body: Buffer;
}

/** A provider's answer on the wire of the call, byte for byte. */
export interface UpstreamAnswer {
  status: number;
  headers: Record<string, string>;
  body: AsyncIterable<Uint8Array>;
}

/** A party that answers models' calls. Adding one is a folder under providers/ and a line in the composition root. */
export interface Provider {
  readonly name: string;
  /** its answers are written beforehand: said wherever the model shows */
  readonly scripted: boolean;
  /** the models it offers here, by the names that callers use */
  models(): string[];
  /** whether it answers calls for this model on this wire; with a key of the caller's own, it needs none of ours */
  offers(model: string, wire: WireName, withOwnKey: boolean): boolean;
  /** null: it has none, and must not be called */
  priceOf(model: string, at: Date): Price | null;
  /** @throws AppError upstream_failed | timeout when there is no answer at all */
  call(call: UpstreamCall): Promise<UpstreamAnswer>;
  /** absent: it does not count. @throws AppError upstream_failed | timeout when there is no answer at all */
  countTokens?(call: CountCall): Promise<UpstreamAnswer>;
  close?(): Promise<void>;
}
