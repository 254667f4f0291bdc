import { setTimeout as delay } from "node:timers/promises";
import type { DemoAnswer, MessagesRequest } from "#gateway/messages-wire.ts";
import type { Provider, UpstreamAnswer, UpstreamCall } from "#gateway/provider.ts";
import { answerDemo } from "#gateway/providers/demo/demo.ts";
import { streamedMessage, wholeMessage } from "#gateway/providers/demo/demo-wire.ts";
import { priceOf } from "#ledger/prices.ts";
import { streamedChat, wholeChat } from "./wires/chat.ts";
import { readChat, readResponses } from "./wires/read-openai.ts";
import { streamedResponse, wholeResponse } from "./wires/responses.ts";
import { toneFor } from "./wires/speech.ts";

/** The scripted model as a provider: the same wires as real ones, at a pace that people can follow. */
export function demoProvider(options: { offered: boolean; delayMs: number }): Provider {
  return {
    name: "demo",
    scripted: true,
    models: () => (options.offered ? ["demo"] : []),
    offers: (model) => options.offered && model === "demo",
    priceOf: (model, at) => (model === "demo" ? priceOf(model, at) : null),
    call: async (call) => answer(call, options.delayMs),
    async countTokens(call) {
      const { usage } = answerDemo({ ...call.request, max_tokens: 1 });
      return json({ input_tokens: usage.input_tokens });
    },
  };
}

async function answer(call: UpstreamCall, delayMs: number): Promise<UpstreamAnswer> {
  if (call.wire === "speech") {
    return {
      status: 200,
      headers: { "content-type": "audio/wav" },
      body: only(toneFor(String(call.value.input))),
    };
  }
  const { whole, streamed } = onWire(call);
  if (!call.stream) {
    if (delayMs > 0) await delay(delayMs, undefined, { signal: call.signal });
    return json(whole());
  }
  return {
    status: 200,
    headers: { "content-type": "text/event-stream; charset=utf-8" },
    body: paced(streamed(), delayMs, call.signal),
  };
}

interface Said {
  whole(): Record<string, unknown>;
  streamed(): Iterable<string>;
}

/** The script's answer, ready to be said as the caller's wire says it. */
function onWire(call: UpstreamCall): Said {
  const say = (
    request: MessagesRequest,
    prefix: string,
    whole: (as: { id: string; model: string }, script: DemoAnswer) => Record<string, unknown>,
    streamed: (as: { id: string; model: string }, script: DemoAnswer) => Iterable<string>,
  ): Said => {
    const script = answerDemo(request);
    const as = { id: `${prefix}_demo_${call.callId}`, model: call.model };
    return { whole: () => whole(as, script), streamed: () => streamed(as, script) };
  };
  if (call.wire === "chat") return say(readChat(call.value), "chatcmpl", wholeChat, streamedChat);
  if (call.wire === "responses")
    return say(readResponses(call.value), "resp", wholeResponse, streamedResponse);
  return say(
    call.value as MessagesRequest,
    "msg",
    ({ id, model }, script) => wholeMessage(id, model, script),
    ({ id, model }, script) => streamedMessage(id, model, script),
  );
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
