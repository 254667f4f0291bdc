import type { CountTokensRequest, MessagesRequest } from "#gateway/messages-wire.ts";

export interface UpstreamCall<R> {
  callId: string;
  /** what was checked */
  request: R;
  /** the same as bytes, for who passes them on */
  body: Buffer;
  /** `anthropic-version`, `anthropic-beta`: what of the caller's headers the wire gives a meaning */
  headers: Record<string, string>;
  signal: AbortSignal;
}

/** A provider's answer on the Messages wire, byte for byte. */
export interface UpstreamAnswer {
  status: number;
  headers: Record<string, string>;
  body: AsyncIterable<Uint8Array>;
}

/** A party that answers models' calls. Adding one is a folder under providers/ and a line in the composition root. */
export interface Provider {
  readonly name: "anthropic" | "demo";
  /** its answers are written beforehand: said wherever the model shows */
  readonly scripted: boolean;
  /** the models it offers here, by the names that callers use */
  models(): string[];
  offers(model: string): boolean;
  /** @throws AppError upstream_failed | timeout when there is no answer at all */
  messages(call: UpstreamCall<MessagesRequest>): Promise<UpstreamAnswer>;
  /** @throws AppError upstream_failed | timeout when there is no answer at all */
  countTokens(call: UpstreamCall<CountTokensRequest>): Promise<UpstreamAnswer>;
}
