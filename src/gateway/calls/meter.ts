import { createParser } from "eventsource-parser";
import { z } from "zod";
import { joined } from "#gateway/whole-body.ts";
import { NO_TOKENS, type Tokens } from "#ledger/cost.ts";

const count = z.number().int().nonnegative().nullish();

/** Usage as the Messages wire says it; in a stream it comes in parts, each cumulative. */
const WireUsage = z.looseObject({
  input_tokens: count,
  output_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
  cache_creation: z
    .looseObject({ ephemeral_5m_input_tokens: count, ephemeral_1h_input_tokens: count })
    .nullish(),
  output_tokens_details: z.looseObject({ thinking_tokens: count }).nullish(),
});
type WireUsage = z.infer<typeof WireUsage>;

const WireEvent = z.looseObject({
  type: z.string(),
  usage: WireUsage.nullish(),
  message: z.looseObject({ usage: WireUsage.nullish() }).nullish(),
  delta: z
    .looseObject({
      text: z.string().optional(),
      thinking: z.string().optional(),
      partial_json: z.string().optional(),
    })
    .optional(),
});

/** What an answer's bytes say of it, read while they pass. */
export interface Reading {
  /** the answer is there from its first to its last word */
  whole: boolean;
  /** what the provider has counted so far; null: it has not said */
  tokens: Tokens | null;
  /** that count is its last word */
  counted: boolean;
  /** bytes of text, thinking and tool input seen, for an estimate */
  generatedBytes: number;
  /** the provider itself said, in the stream, that it failed */
  failed: boolean;
  /** nothing half said: one more event can be added */
  betweenEvents: boolean;
}

export interface Meter {
  feed(chunk: Uint8Array): void;
  read(): Reading;
}

export function meterFor(contentType: string): Meter {
  return contentType.startsWith("text/event-stream") ? streamMeter() : messageMeter();
}

function streamMeter(): Meter {
  const decoder = new TextDecoder();
  let usage: WireUsage | null = null;
  let counted = false;
  let stopped = false;
  let failed = false;
  let generatedBytes = 0;
  let tail = "\n\n";
  const parser = createParser({
    onEvent({ data }) {
      const event = readEvent(data);
      if (!event) return;
      const said = event.usage ?? event.message?.usage;
      if (said) usage = merge(usage, said);
      if (event.type === "message_delta" && said) counted = true;
      if (event.type === "message_stop") stopped = true;
      if (event.type === "error") failed = true;
      const { delta } = event;
      if (delta)
        generatedBytes += Buffer.byteLength(delta.text ?? delta.thinking ?? delta.partial_json ?? "");
    },
  });
  return {
    feed(chunk) {
      const text = decoder.decode(chunk, { stream: true });
      tail = (tail + text).slice(-2);
      parser.feed(text);
    },
    read: () => ({
      whole: stopped && !failed,
      tokens: promptIsCounted(usage) ? toTokens(usage) : null,
      // Before the last part the count of output is only a beginning.
      counted: counted && promptIsCounted(usage),
      generatedBytes,
      failed,
      betweenEvents: tail === "\n\n",
    }),
  };
}

function messageMeter(): Meter {
  const chunks: Uint8Array[] = [];
  return {
    feed(chunk) {
      chunks.push(chunk);
    },
    read() {
      const event = readEvent(joined(chunks).toString("utf8"));
      const said = event?.usage;
      const counted = said?.output_tokens != null && said.input_tokens != null;
      // Of use for an estimate alone.
      const generatedBytes = counted ? 0 : Buffer.byteLength(JSON.stringify(event?.content ?? ""));
      const tokens = said && counted ? toTokens(said) : null;
      return {
        whole: event?.type === "message",
        tokens,
        counted,
        generatedBytes,
        failed: false,
        betweenEvents: false,
      };
    },
  };
}

function readEvent(data: string): z.infer<typeof WireEvent> | null {
  try {
    return WireEvent.safeParse(JSON.parse(data)).data ?? null;
  } catch {
    // Not JSON: nothing to count in it. Whether the answer is whole shows in what is missing at its end.
    return null;
  }
}

function merge(before: WireUsage | null, said: WireUsage): WireUsage {
  const given = Object.entries(said).filter(([, value]) => value !== null && value !== undefined);
  return { ...before, ...Object.fromEntries(given) };
}

/** No prompt is of no tokens: a stream that was translated begins with such a figure, before its server has said any. */
function promptIsCounted(usage: WireUsage | null): usage is WireUsage {
  if (usage?.input_tokens == null) return false;
  const { input, cacheRead, cacheWrite5m, cacheWrite1h } = toTokens(usage);
  return input + cacheRead + cacheWrite5m + cacheWrite1h > 0;
}

function toTokens(usage: WireUsage): Tokens {
  const written = usage.cache_creation_input_tokens ?? 0;
  const hour = Math.min(written, usage.cache_creation?.ephemeral_1h_input_tokens ?? 0);
  return {
    ...NO_TOKENS,
    input: usage.input_tokens ?? 0,
    output: usage.output_tokens ?? 0,
    cacheRead: usage.cache_read_input_tokens ?? 0,
    cacheWrite5m: written - hour,
    cacheWrite1h: hour,
    reasoning: usage.output_tokens_details?.thinking_tokens ?? 0,
  };
}
