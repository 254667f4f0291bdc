import type { AnswerBlock, DemoAnswer, MessagesRequest } from "#gateway/messages-wire.ts";
import { sha256 } from "#platform/crypto.ts";
import { proposePlan } from "./answer-architect.ts";
import { chatText, noLanguageText } from "./answer-chat.ts";
import { writeFile } from "./answer-implementer.ts";
import { proposeEdits } from "./answer-repairer.ts";
import { callTool, type ToolCall } from "./answer-tools.ts";
import { promptParts, textOf } from "./read-request.ts";

/**
 * The scripted model: plays the builder's three roles, an agent CLI's tool caller, and a polite chat. Pure: the same
 * request always gets the same answer, ids included.
 */
export function answerDemo(request: MessagesRequest): DemoAnswer {
  const reply = replyTo(request);
  if (typeof reply === "string") return textAnswer(request, reply);
  const id = `toolu_demo_${sha256(JSON.stringify([request.system, request.messages, reply])).slice(0, 24)}`;
  const content: AnswerBlock[] = [
    ...(reply.before ? [{ type: "text" as const, text: reply.before }] : []),
    { type: "tool_use", id, name: reply.name, input: reply.input },
  ];
  return { content, stop_reason: "tool_use", stop_sequence: null, usage: usageOf(request, content) };
}

function replyTo(request: MessagesRequest): string | ToolCall {
  const role = /^\s*You are Carrel's (architect|implementer|repairer)\./.exec(textOf(request.system))?.[1];
  if (role === "architect") {
    const plan = proposePlan(promptParts(request));
    return plan
      ? { name: request.tool_choice?.name ?? "propose_plan", input: plan }
      : noLanguageText(request);
  }
  if (role === "implementer") return behindSaid(request, writeFile(promptParts(request)));
  if (role === "repairer") {
    return { name: request.tool_choice?.name ?? "propose_edits", input: proposeEdits(promptParts(request)) };
  }
  return callTool(request) ?? chatText(request);
}

/** What is left of a file whose beginning was said in the answer before: one that was cut off, and is asked to go on. */
function behindSaid({ messages }: MessagesRequest, text: string): string {
  const before = messages.at(-2);
  const said = before?.role === "assistant" ? textOf(before.content) : "";
  return text.startsWith(said) ? text.slice(said.length) : text;
}

/** A text cut where the request says so. */
function textAnswer(request: MessagesRequest, text: string): DemoAnswer {
  const stop = (request.stop_sequences ?? [])
    .filter((sequence) => sequence !== "" && text.includes(sequence))
    .sort((a, b) => text.indexOf(a) - text.indexOf(b))[0];
  const whole = stop === undefined ? text : text.slice(0, text.indexOf(stop));
  const cut = cutToTokens(whole, request.max_tokens);
  const content: AnswerBlock[] = [{ type: "text", text: cut }];
  const reason = cut.length < whole.length ? "max_tokens" : stop === undefined ? "end_turn" : "stop_sequence";
  return {
    content,
    stop_reason: reason,
    stop_sequence: reason === "stop_sequence" ? stop : null,
    usage: usageOf(request, content),
  };
}

/** Bytes of UTF-8 that count as one token: a plain estimate, good enough for nominal prices. */
const BYTES_A_TOKEN = 4;

const tokensOf = (text: string) => Math.max(1, Math.ceil(Buffer.byteLength(text) / BYTES_A_TOKEN));

function cutToTokens(text: string, tokens: number): string {
  const room = tokens * BYTES_A_TOKEN;
  if (Buffer.byteLength(text) <= room) return text;
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > room) break;
    end += character.length;
  }
  return text.slice(0, end);
}

function usageOf(request: MessagesRequest, content: AnswerBlock[]): DemoAnswer["usage"] {
  const asked = JSON.stringify([request.system ?? "", request.messages, request.tools ?? []]);
  const said = content
    .map((block) => (block.type === "text" ? block.text : JSON.stringify(block.input)))
    .join("");
  return { input_tokens: tokensOf(asked), output_tokens: tokensOf(said) };
}
