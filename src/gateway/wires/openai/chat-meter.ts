import { z } from "zod";
import type { Meter } from "#gateway/calls/meter.ts";
import { NO_TOKENS, type Tokens } from "#ledger/cost.ts";
import { jsonMeter, parseJson, sseMeter } from "../sse-meter.ts";

const count = z.number().int().nonnegative().nullish();

const Usage = z.looseObject({
  prompt_tokens: z.number().int().nonnegative(),
  completion_tokens: count,
  prompt_tokens_details: z.looseObject({ cached_tokens: count, cache_write_tokens: count }).nullish(),
  completion_tokens_details: z.looseObject({ reasoning_tokens: count }).nullish(),
});

const Piece = z.looseObject({
  content: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  tool_calls: z
    .array(z.looseObject({ function: z.looseObject({ arguments: z.string().nullish() }).nullish() }))
    .nullish(),
});

const Chunk = z.looseObject({
  object: z.string().nullish(),
  choices: z
    .array(
      z.looseObject({
        delta: Piece.nullish(),
        message: Piece.nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: Usage.nullish().catch(null),
  error: z.unknown().optional(),
});
type Chunk = z.infer<typeof Chunk>;

export function chatMeter(contentType: string): Meter {
  return contentType.startsWith("text/event-stream") ? streamMeter() : wholeMeter();
}

function streamMeter(): Meter {
  let tokens: Tokens | null = null;
  let generatedBytes = 0;
  let finished = false;
  let done = false;
  let failed = false;
  return sseMeter(
    (data) => {
      if (data === "[DONE]") {
        done = true;
        return;
      }
      const chunk = Chunk.safeParse(parseJson(data)).data;
      if (!chunk) return;
      if (chunk.usage) tokens = tokensOf(chunk.usage);
      if (chunk.error) failed = true;
      generatedBytes += generatedIn(chunk);
      if (chunk.choices?.some((choice) => choice.finish_reason)) finished = true;
    },
    () => ({ whole: finished && done && !failed, tokens, counted: tokens !== null, generatedBytes, failed }),
  );
}

function wholeMeter(): Meter {
  return jsonMeter((document) => {
    const answer = Chunk.safeParse(document).data;
    const tokens = answer?.usage ? tokensOf(answer.usage) : null;
    return {
      whole: (answer?.choices?.length ?? 0) > 0,
      tokens,
      counted: tokens !== null,
      generatedBytes: answer ? generatedIn(answer) : 0,
    };
  });
}

function generatedIn(chunk: Chunk): number {
  let bytes = 0;
  for (const choice of chunk.choices ?? []) {
    const piece = choice.delta ?? choice.message;
    const said = [piece?.content, piece?.reasoning_content];
    for (const call of piece?.tool_calls ?? []) said.push(call.function?.arguments);
    for (const text of said) bytes += Buffer.byteLength(text ?? "");
  }
  return bytes;
}

/** OpenAI counts cached tokens and those written to the cache inside the prompt's; ours are apart. */
function tokensOf(usage: z.infer<typeof Usage>): Tokens {
  const cacheRead = Math.min(usage.prompt_tokens, usage.prompt_tokens_details?.cached_tokens ?? 0);
  const rest = usage.prompt_tokens - cacheRead;
  const written = Math.min(rest, usage.prompt_tokens_details?.cache_write_tokens ?? 0);
  return {
    ...NO_TOKENS,
    input: rest - written,
    cacheRead,
    cacheWrite5m: written,
    output: usage.completion_tokens ?? 0,
    reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
  };
}
