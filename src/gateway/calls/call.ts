import type { ModelRequest } from "#gateway/model-request.ts";
import type { Provider } from "#gateway/provider.ts";
import type { Wire } from "#gateway/wires/wire.ts";
import type { Hold } from "#ledger/holds.ts";
import type { Price } from "#ledger/prices.ts";
import type { Bearer, Cap } from "#ledger/scopes.ts";

/** Who can answer a call, as which model, at what price. */
export interface Target {
  readonly provider: Provider;
  readonly model: string;
  readonly price: Price;
  /** the caller's own key, in place of the installation's: the provider bills its owner, and the price is nothing */
  readonly ownKey?: string;
}

/** One model call, checked and priced, before anything of it has happened. */
export interface Call {
  /** also the reservation's, the ledger entry's and the recording's; a repeat after a crash gets a new one */
  readonly id: string;
  readonly bearer: Bearer;
  readonly caps: Cap[];
  readonly wire: Wire;
  readonly request: ModelRequest;
  /** who is asked first, and who is asked when that one cannot answer */
  readonly targets: readonly [Target, ...Target[]];
  /** headers of the wire that go on to the provider */
  readonly headers: Record<string, string>;
  /** the caller's idempotency key: the answer is recorded and the call goes on when the caller is gone */
  readonly key: string | null;
  /** the caller asked for the answer to be kept for the same request */
  readonly kept: boolean;
}

/** A call whose worst case is held, for one target. */
export interface HeldCall extends Call {
  readonly target: Target;
  /** micro-dollars held: no more is ever charged */
  readonly held: number;
  readonly hold: Hold;
  /** tokens of the answer at most; lower than asked where the caps leave less */
  readonly output: number;
  readonly lowered: boolean;
}

/** What goes to the caller. */
export interface Answer {
  requestId: string;
  status: number;
  headers: Record<string, string>;
  /** it comes in pieces: its cost is known after the last one only */
  streamed: boolean;
  body: AsyncIterable<Uint8Array>;
  /** micro-dollars; null before the answer has ended */
  cost(): number | null;
}
