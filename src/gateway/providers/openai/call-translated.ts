import type { MessagesRequest } from "#gateway/messages-wire.ts";
import type { UpstreamAnswer, UpstreamCall } from "#gateway/provider.ts";
import { translateAnswer } from "./translate-answer.ts";
import { translateError } from "./translate-error.ts";
import { translateRequest } from "./translate-request.ts";
import { translateStream } from "./translate-stream.ts";

/** A call on Anthropic's wire, made on OpenAI's: asked, answered and refused in the caller's words. */
export async function callTranslated(
  call: UpstreamCall,
  post: (
    call: Pick<UpstreamCall, "wire" | "body" | "ownKey" | "parts" | "signal">,
  ) => Promise<UpstreamAnswer>,
): Promise<UpstreamAnswer> {
  const body = Buffer.from(JSON.stringify(translateRequest(call.value as MessagesRequest)));
  const answer = await post({
    wire: "chat",
    body,
    ownKey: call.ownKey,
    parts: call.parts,
    signal: call.signal,
  });
  const { "content-type": type = "", ...headers } = answer.headers;
  const id = `msg_${call.callId}`;
  if (answer.status === 200 && type.startsWith("text/event-stream")) {
    return {
      status: 200,
      headers: { ...headers, "content-type": "text/event-stream; charset=utf-8" },
      body: translateStream(answer.body, { id, model: call.model }),
    };
  }
  const whole = await readAll(answer.body);
  const translated =
    answer.status === 200
      ? translateAnswer(whole, { id, model: call.model })
      : translateError(whole, answer.status);
  return {
    status: answer.status,
    headers: { ...headers, "content-type": "application/json" },
    body: only(Buffer.from(translated)),
  };
}

async function readAll(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
