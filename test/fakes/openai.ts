import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";

/** A server on OpenAI's wires, with faults to order. Answers are deterministic; usage is always said unless ordered. */

type Json = Record<string, unknown>;

export interface FakeOpenai {
  /** with its version, as clients take it */
  url: string;
  key: string;
  requests: { path: string; headers: Json; body: Json }[];
  /** callers that went away before their answer ended */
  aborted: number;
  reply: { text: string; tool?: { name: string; input: unknown } };
  /** the next answer, or so many, go wrong */
  failNext(fault: OpenaiFault, times?: number): void;
  close(): Promise<void>;
}

export type OpenaiFault =
  | { kind: "status"; status: number; headers?: Record<string, string> }
  | { kind: "cut after"; events: number }
  | { kind: "usage missing" }
  | { kind: "garbage" }
  /** the right content-type, and nonsense under it */
  | { kind: "garbage events" }
  /** the right bytes under a wrong name */
  | { kind: "wrong content-type" }
  /** begins, with so many pieces of its answer (one unless said), and says no more */
  | { kind: "hangs"; pieces?: number }
  /** a byte now and then, for ever */
  | { kind: "drips" }
  | { kind: "refuse connection" };

export const SOUND = Buffer.from(Array.from({ length: 5000 }, (_, n) => n % 251));

export async function startFakeOpenai(): Promise<FakeOpenai> {
  let fault: OpenaiFault | null = null;
  let faults = 0;
  const server = createServer((request, response) => {
    const ordered = faults > 0 ? fault : null;
    faults -= 1;
    answer(fake, ordered, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const fake: FakeOpenai = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    key: "sk-openai-fake-operator-key",
    requests: [],
    aborted: 0,
    reply: { text: "Hello from the fake. It says the same each time." },
    failNext(ordered, times = 1) {
      fault = ordered;
      faults = times;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return fake;
}

async function answer(
  fake: FakeOpenai,
  fault: OpenaiFault | null,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = (await json(request)) as Json;
  const path = request.url ?? "";
  fake.requests.push({ path, headers: request.headers, body });
  response.on("close", () => {
    if (!response.writableEnded) fake.aborted += 1;
  });
  if (fault?.kind === "refuse connection") return void request.socket.destroy();
  if (request.headers.authorization !== `Bearer ${fake.key}`) return sendError(response, 401, "bad key");
  if (fault?.kind === "status")
    return sendError(response, fault.status, `As ordered, for ${fake.key}.`, fault.headers);
  if (fault?.kind === "garbage") return void response.writeHead(200).end("<html>busy</html>");
  const { type, pieces } = answerOf(fake, path, body, fault?.kind === "usage missing");
  response.writeHead(200, { "content-type": fault?.kind === "wrong content-type" ? "text/html" : type });
  if (fault?.kind === "garbage events") return void response.end("data: {]\n\ndata: 7\n\n");
  await write(response, pieces, fault);
}

function answerOf(
  fake: FakeOpenai,
  path: string,
  body: Json,
  missing: boolean,
): { type: string; pieces: (string | Buffer)[] } {
  if (path === "/v1/audio/speech") {
    return { type: "audio/mpeg", pieces: [SOUND.subarray(0, 2000), SOUND.subarray(2000)] };
  }
  const chat = path === "/v1/chat/completions";
  if (body.stream === true) {
    const pieces = chat ? chatEvents(fake, body, missing) : responseEvents(fake, body, missing);
    return { type: "text/event-stream; charset=utf-8", pieces };
  }
  const whole = chat ? chatWhole(fake, body) : responseWhole(fake, body);
  const text = JSON.stringify(missing ? { ...whole, usage: undefined } : whole);
  return { type: "application/json", pieces: [text.slice(0, 40), text.slice(40)] };
}

async function write(
  response: ServerResponse,
  pieces: (string | Buffer)[],
  fault: OpenaiFault | null,
): Promise<void> {
  for (const [index, piece] of pieces.entries()) {
    // What was written must arrive before the connection breaks.
    if (fault?.kind === "cut after" && index === fault.events) {
      return void setTimeout(() => response.destroy(), 50);
    }
    response.write(piece);
    if (fault?.kind === "hangs" && index + 1 === (fault.pieces ?? 1)) return;
    while (fault?.kind === "drips" && !response.destroyed) {
      // A comment of a stream, and white space in a document.
      response.write(response.getHeader("content-type") === "application/json" ? " " : ":");
      await delay(10);
    }
  }
  response.end();
}

const CHAT_USAGE = {
  prompt_tokens: 25,
  completion_tokens: 15,
  total_tokens: 40,
  prompt_tokens_details: { cached_tokens: 5 },
  completion_tokens_details: { reasoning_tokens: 3 },
};

function toolCalls({ reply }: FakeOpenai) {
  if (!reply.tool) return [];
  const { name, input } = reply.tool;
  return [{ id: "call_fake", type: "function", function: { name, arguments: JSON.stringify(input) } }];
}

function chatWhole(fake: FakeOpenai, { model }: Json): Json {
  const calls = toolCalls(fake);
  const message = {
    role: "assistant",
    content: fake.reply.text,
    ...(calls.length ? { tool_calls: calls } : {}),
  };
  const finish = calls.length ? "tool_calls" : "stop";
  const choices = [{ index: 0, message, logprobs: null, finish_reason: finish }];
  return { id: "chatcmpl-fake", object: "chat.completion", created: 1, model, choices, usage: CHAT_USAGE };
}

function chatEvents(fake: FakeOpenai, { model, stream_options: options }: Json, missing: boolean): string[] {
  const chunk = (fields: Json) =>
    `data: ${JSON.stringify({ id: "chatcmpl-fake", object: "chat.completion.chunk", created: 1, model, ...fields })}\n\n`;
  const choice = (delta: Json, finish: string | null = null) =>
    chunk({ choices: [{ index: 0, delta, finish_reason: finish }] });
  const usage = (options as Json | undefined)?.include_usage === true && !missing;
  return [
    choice({ role: "assistant", content: "" }),
    ...cut(fake.reply.text).map((content) => choice({ content })),
    ...toolCalls(fake).flatMap((call, index) => [
      choice({ tool_calls: [{ index, ...call, function: { name: call.function.name, arguments: "" } }] }),
      ...cut(call.function.arguments).map((piece) =>
        choice({ tool_calls: [{ index, function: { arguments: piece } }] }),
      ),
    ]),
    choice({}, fake.reply.tool ? "tool_calls" : "stop"),
    ...(usage ? [chunk({ choices: [], usage: CHAT_USAGE })] : []),
    "data: [DONE]\n\n",
  ];
}

function responseWhole(fake: FakeOpenai, { model }: Json): Json {
  const content = [{ type: "output_text", text: fake.reply.text, annotations: [] }];
  return {
    id: "resp_fake",
    object: "response",
    created_at: 1,
    status: "completed",
    model,
    output: [{ type: "message", id: "msg_fake", role: "assistant", status: "completed", content }],
    usage: {
      input_tokens: 25,
      input_tokens_details: { cached_tokens: 5 },
      output_tokens: 15,
      output_tokens_details: { reasoning_tokens: 3 },
      total_tokens: 40,
    },
  };
}

function responseEvents(fake: FakeOpenai, body: Json, missing: boolean): string[] {
  const whole = responseWhole(fake, body);
  const item = (whole.output as Json[])[0] as Json;
  const at = { output_index: 0, item_id: "msg_fake", content_index: 0 };
  const events: Json[] = [
    { type: "response.created", response: { ...whole, status: "in_progress", output: [], usage: null } },
    { type: "response.output_item.added", output_index: 0, item: { ...item, content: [] } },
    { type: "response.content_part.added", ...at, part: { type: "output_text", text: "", annotations: [] } },
    ...cut(fake.reply.text).map((delta) => ({ type: "response.output_text.delta", ...at, delta })),
    { type: "response.output_text.done", ...at, text: fake.reply.text },
    { type: "response.output_item.done", output_index: 0, item },
    { type: "response.completed", response: missing ? { ...whole, usage: null } : whole },
  ];
  return events.map(
    (event, n) => `event: ${event.type}\ndata: ${JSON.stringify({ ...event, sequence_number: n })}\n\n`,
  );
}

function cut(text: string): string[] {
  return text.match(/[\s\S]{1,7}/gu) ?? [];
}

function send(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

function sendError(response: ServerResponse, status: number, message: string, headers = {}): void {
  send(response, status, { error: { message, type: "server_error", param: null, code: null } }, headers);
}
