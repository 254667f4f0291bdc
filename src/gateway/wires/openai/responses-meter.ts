import { z } from "zod";
import type { Meter } from "#gateway/calls/meter.ts";
import { NO_TOKENS, type Tokens } from "#ledger/cost.ts";
import { jsonMeter, parseJson, sseMeter } from "../sse-meter.ts";

const count = z.number().int().nonnegative().nullish();

const Usage = z.looseObject({
  input_tokens: z.number().int().nonnegative(),
  output_tokens: count,
  input_tokens_details: z.looseObject({ cached_tokens: count, cache_write_tokens: count }).nullish(),
  output_tokens_details: z.looseObject({ reasoning_tokens: count }).nullish(),
});

const Response = z.looseObject({
  status: z.string().nullish(),
  output: z.unknown().optional(),
  usage: Usage.nullish().catch(null),
});

const Event = z.looseObject({
  type: z.string(),
  delta: z.unknown().optional(),
  response: Response.nullish(),
});

export function responsesMeter(contentType: string): Meter {
  return contentType.startsWith("text/event-stream") ? streamMeter() : wholeMeter();
}

function streamMeter(): Meter {
  let tokens: Tokens | null = null;
  let generatedBytes = 0;
  let ended = false;
  let failed = false;
  return sseMeter(
    (data) => {
      const event = Event.safeParse(parseJson(data)).data;
      if (!event) return;
      if (event.response?.usage) tokens = tokensOf(event.response.usage);
      if (event.type === "response.completed" || event.type === "response.incomplete") ended = true;
      if (event.type === "response.failed" || event.type === "error") failed = true;
      if (typeof event.delta === "string") generatedBytes += Buffer.byteLength(event.delta);
    },
    () => ({ whole: ended && !failed, tokens, counted: tokens !== null, generatedBytes, failed }),
  );
}

function wholeMeter(): Meter {
  return jsonMeter((document) => {
    const response = Response.safeParse(document).data;
    const tokens = response?.usage ? tokensOf(response.usage) : null;
    return {
      whole: response?.status === "completed" || response?.status === "incomplete",
      tokens,
      counted: tokens !== null,
      generatedBytes: Buffer.byteLength(JSON.stringify(response?.output ?? "")),
    };
  });
}

function tokensOf(usage: z.infer<typeof Usage>): Tokens {
  const cacheRead = Math.min(usage.input_tokens, usage.input_tokens_details?.cached_tokens ?? 0);
  const rest = usage.input_tokens - cacheRead;
  const written = Math.min(rest, usage.input_tokens_details?.cache_write_tokens ?? 0);
  return {
    ...NO_TOKENS,
    input: rest - written,
    cacheRead,
    cacheWrite5m: written,
    output: usage.output_tokens ?? 0,
    reasoning: usage.output_tokens_details?.reasoning_tokens ?? 0,
  };
}
