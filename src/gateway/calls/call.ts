import type { MessagesRequest } from "#gateway/messages-wire.ts";
import type { Provider } from "#gateway/provider.ts";
import type { Price } from "#ledger/prices.ts";
import type { Bearer, Cap } from "#ledger/scopes.ts";

/** One model call, checked and priced, before anything of it has happened. */
export interface Call {
  /** also the reservation's, the ledger entry's and the recording's; a repeat after a crash gets a new one */
  readonly id: string;
  readonly bearer: Bearer;
  readonly caps: Cap[];
  readonly provider: Provider;
  readonly price: Price;
  readonly request: MessagesRequest;
  readonly body: Buffer;
  /** headers of the wire that go on to the provider */
  readonly headers: Record<string, string>;
  /** the caller's idempotency key: the answer is recorded and the call goes on when the caller is gone */
  readonly key: string | null;
}

/** What goes to the caller. */
export interface Answer {
  requestId: string;
  status: number;
  headers: Record<string, string>;
  /** it comes in pieces: its cost is known after the last one only */
  streamed: boolean;
  body: AsyncIterable<Uint8Array>;
  /** micro-dollars; null before the call is settled */
  cost(): number | null;
}
