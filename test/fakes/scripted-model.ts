import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";

/** A server on Anthropic's Messages wire whose answers a test writes, as a function of what is asked. */

export interface Question {
  model: string;
  system: string;
  messages: { role: string; content: unknown }[];
  max_tokens: number;
  tool_choice?: { type: string };
}

export interface ScriptedAnswer {
  text?: string;
  /** `json`: the input as it is sent, where that is not all of it, or no JSON */
  tool?: { name: string; input: unknown; json?: string };
  stopReason?: string;
  /** how the answer ends in its middle, if it does */
  breaksOff?: "error event" | "connection";
  /** what it says that it thought, before its answer */
  thinking?: string;
  /** tokens that it says it counted, beside those of every answer */
  usage?: { cache_creation_input_tokens?: number; cache_read_input_tokens?: number };
  /** how long it takes to begin */
  delayMs?: number;
  /** between two pieces of it */
  pieceMs?: number;
}

export interface ScriptedModel {
  url: string;
  questions: Question[];
  /** answers that who asked did not wait for */
  abandoned: number;
  /** may be changed at any time */
  script: (question: Question) => ScriptedAnswer | Promise<ScriptedAnswer>;
  close(): Promise<void>;
}

export async function startScriptedModel(): Promise<ScriptedModel> {
  const server = createServer(async (request, response) => {
    const question = (await json(request)) as Question;
    model.questions.push(question);
    response.once("close", () => {
      if (!response.writableFinished) model.abandoned += 1;
    });
    const answer = await model.script(question);
    if (answer.delayMs) await pause(answer.delayMs);
    await stream(response, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const model: ScriptedModel = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    questions: [],
    abandoned: 0,
    script: () => ({ text: "?" }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return model;
}

async function stream(response: ServerResponse, answer: ScriptedAnswer): Promise<void> {
  const send = (type: string, fields: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
  const message = { id: "msg_scripted", type: "message", role: "assistant", model: "scripted", content: [] };
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  send("message_start", {
    message: {
      ...message,
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 100, output_tokens: 1, ...answer.usage },
    },
  });
  let index = 0;
  if (answer.thinking !== undefined) {
    send("content_block_start", { index, content_block: { type: "thinking", thinking: "", signature: "" } });
    send("content_block_delta", { index, delta: { type: "thinking_delta", thinking: answer.thinking } });
    send("content_block_delta", { index, delta: { type: "signature_delta", signature: "signed" } });
    send("content_block_stop", { index });
    index += 1;
  }
  const block = answer.tool
    ? { type: "tool_use", id: "toolu_scripted", name: answer.tool.name, input: {} }
    : { type: "text", text: "" };
  send("content_block_start", { index, content_block: block });
  const whole = answer.tool ? (answer.tool.json ?? JSON.stringify(answer.tool.input)) : (answer.text ?? "");
  for (const piece of piecesOf(whole)) {
    const delta = answer.tool
      ? { type: "input_json_delta", partial_json: piece }
      : { type: "text_delta", text: piece };
    send("content_block_delta", { index, delta });
    if (answer.pieceMs) await pause(answer.pieceMs);
    if (response.destroyed) return;
  }
  if (answer.breaksOff === "connection") return void response.destroy();
  if (answer.breaksOff === "error event") {
    send("error", { error: { type: "overloaded_error", message: "Overloaded" } });
    return void response.end();
  }
  send("content_block_stop", { index });
  const stopReason = answer.stopReason ?? (answer.tool ? "tool_use" : "end_turn");
  send("message_delta", {
    delta: { stop_reason: stopReason, stop_sequence: null },
    usage: { output_tokens: 50 },
  });
  send("message_stop", {});
  response.end();
}

/** Small ones, as a model sends them; an answer of megabytes comes in no more than some thousands. */
function piecesOf(whole: string): string[] {
  const length = Math.max(50, Math.ceil(whole.length / 4_000));
  return whole.match(new RegExp(`[\\s\\S]{1,${length}}`, "gu")) ?? [];
}
