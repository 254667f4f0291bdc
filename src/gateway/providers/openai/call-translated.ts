import type { MessagesRequest } from "#gateway/messages-wire.ts";
import type { UpstreamAnswer, UpstreamCall } from "#gateway/provider.ts";
import { wholeOf } from "#gateway/whole-body.ts";
import { translateAnswer } from "./translate-answer.ts";
import { translateError } from "./translate-error.ts";
import { translateRequest } from "./translate-request.ts";
import { translateStream } from "./translate-stream.ts";

/** A call on Anthropic's wire, made on OpenAI's: asked, answered and refused in the caller's words. */
export async function callTranslated(
  call: UpstreamCall,
  post: (
    call: Pick<UpstreamCall, "wire" | "body" | "ownKey" | "parts" | "signal" | "stream">,
  ) => Promise<UpstreamAnswer>,
): Promise<UpstreamAnswer> {
  const body = Buffer.from(JSON.stringify(translateRequest(call.value as MessagesRequest)));
  const answer = await post({
    wire: "chat",
    body,
    ownKey: call.ownKey,
    parts: call.parts,
    stream: call.stream,
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
  return {
    status: answer.status,
    headers: { ...headers, "content-type": "application/json" },
    body: translated(answer, { id, model: call.model }),
  };
}

/** What fails in here fails as the reading of an answer that had begun: its provider may bill it. */
async function* translated(
  { status, body }: UpstreamAnswer,
  named: { id: string; model: string },
): AsyncGenerator<Uint8Array> {
  const whole = (await wholeOf(body)).toString("utf8");
  yield Buffer.from(status === 200 ? translateAnswer(whole, named) : translateError(whole, status));
}
