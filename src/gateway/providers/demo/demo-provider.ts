import { setTimeout as delay } from "node:timers/promises";
import type { MessagesRequest } from "#gateway/messages-wire.ts";
import type { Provider, UpstreamAnswer, UpstreamCall } from "#gateway/provider.ts";
import { answerDemo } from "#gateway/providers/demo/demo.ts";
import { streamedMessage, wholeMessage } from "#gateway/providers/demo/demo-wire.ts";

/** The scripted model as a provider: the same wire as a real one, at a pace that people can follow. */
export function demoProvider(options: { offered: boolean; delayMs: number }): Provider {
  return {
    name: "demo",
    scripted: true,
    models: () => (options.offered ? ["demo"] : []),
    offers: (model) => options.offered && model === "demo",
    messages: async (call) => answer(call, options.delayMs),
    async countTokens(call) {
      const { usage } = answerDemo({ ...call.request, max_tokens: 1 });
      return json({ input_tokens: usage.input_tokens });
    },
  };
}

async function answer(call: UpstreamCall<MessagesRequest>, delayMs: number): Promise<UpstreamAnswer> {
  const script = answerDemo(call.request);
  const id = `msg_demo_${call.callId}`;
  if (!call.request.stream) {
    if (delayMs > 0) await delay(delayMs, undefined, { signal: call.signal });
    return json(wholeMessage(id, call.request.model, script));
  }
  return {
    status: 200,
    headers: { "content-type": "text/event-stream; charset=utf-8" },
    body: paced(streamedMessage(id, call.request.model, script), delayMs, call.signal),
  };
}

function json(value: unknown): UpstreamAnswer {
  const bytes = Buffer.from(JSON.stringify(value));
  return { status: 200, headers: { "content-type": "application/json" }, body: only(bytes) };
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* paced(
  pieces: Iterable<string>,
  delayMs: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    signal.throwIfAborted();
    yield Buffer.from(piece);
    if (delayMs > 0) await delay(delayMs, undefined, { signal });
  }
}
