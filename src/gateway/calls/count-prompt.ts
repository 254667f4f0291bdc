import { z } from "zod";
import type { Call, Target } from "#gateway/calls/call.ts";
import type { CountTokensRequest } from "#gateway/messages-wire.ts";
import { AppError } from "#platform/errors.ts";

/** Anthropic calls its count an estimate that may differ by a small amount. */
const MARGIN = 1.02;
const MARGIN_TOKENS = 500;

const Counted = z.object({ input_tokens: z.int().nonnegative() });

/** The tokens of a call's prompt as its provider counts them, with a margin; null when it cannot say. Costs nothing. */
export async function countPrompt(call: Call, target: Target, signal: AbortSignal): Promise<number | null> {
  if (call.request.wire !== "messages" || !target.provider.countTokens) return null;
  const { max_tokens: _, stream: __, ...prompt } = call.request.value;
  const request = { ...prompt, model: target.model } as CountTokensRequest;
  const body = Buffer.from(JSON.stringify(request));
  try {
    const answer = await target.provider.countTokens({
      callId: call.id,
      request,
      body,
      parts: call.request.parts,
      headers: call.headers,
      ownKey: target.ownKey,
      signal,
    });
    const chunks: Uint8Array[] = [];
    for await (const chunk of answer.body) chunks.push(chunk);
    if (answer.status !== 200) return null;
    const counted = Counted.parse(JSON.parse(Buffer.concat(chunks).toString("utf8")));
    return Math.ceil(counted.input_tokens * MARGIN) + MARGIN_TOKENS;
  } catch (error) {
    // Then the bound stands, and the caller is told of the cap; a caller who left is told nothing.
    if (signal.aborted) throw new AppError("timeout", "The caller left.", { cause: error });
    return null;
  }
}
