import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";

/** A server on Anthropic's Messages wire, with faults to order. Answers are deterministic; usage is always said. */

export interface FakeReply {
  text?: string;
  tool?: { name: string; input: unknown };
  usage?: Record<string, unknown>;
}

export type FakeFault =
  | { kind: "status"; status: number; type: string; message?: string; headers?: Record<string, string> }
  /** the connection breaks after so many events of a stream, between two of them; a whole answer in its middle */
  | { kind: "cut after"; events: number }
  /** the connection breaks in the middle of an event */
  | { kind: "cut inside"; events: number }
  /** an error event in the middle of the stream, as the wire has it */
  | { kind: "error event"; events: number }
  | { kind: "usage missing" }
  | { kind: "garbage" }
  /** events of a stream, but what they say is none */
  | { kind: "garbage events" }
  /** the right bytes under a wrong name */
  | { kind: "wrong content-type" }
  /** begins, and says no more */
  | { kind: "hangs" }
  /** a byte now and then, for ever */
  | { kind: "drips" }
  | { kind: "refuse connection" };

export interface FakeRequest {
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

export interface FakeAnthropic {
  url: string;
  key: string;
  /** every request that came, in order */
  requests: FakeRequest[];
  /** callers that went away before their answer ended */
  aborted: number;
  reply: FakeReply;
  /** the next request, and only that (or so many of them), goes wrong in this way */
  failNext(fault: FakeFault, times?: number): void;
  /** what goes wrong with which request, counted from 1, beside what was ordered; null: nothing */
  misfortune: ((n: number) => FakeFault | null) | null;
  /** holds every answer after its first event (or its headers) until released */
  hold(): { reached: Promise<void>; release(): void };
  close(): Promise<void>;
}

interface State {
  fault: FakeFault | null;
  /** how many requests are still to go wrong */
  faults: number;
  gate: { reached: () => void; opened: Promise<void> } | null;
}

const DEFAULT_USAGE = { input_tokens: 25, output_tokens: 15 };

export async function startFakeAnthropic(): Promise<FakeAnthropic> {
  const state: State = { fault: null, faults: 0, gate: null };
  const server = createServer((request, response) => {
    answer(fake, state, request, response).catch((error: unknown) => {
      response.destroy(error as Error);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const fake: FakeAnthropic = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key: "sk-ant-fake-operator-key",
    requests: [],
    aborted: 0,
    reply: { text: "Hello from the fake. It says the same each time." },
    misfortune: null,
    failNext(fault, times = 1) {
      state.fault = fault;
      state.faults = times;
    },
    hold() {
      const reached = Promise.withResolvers<void>();
      const opened = Promise.withResolvers<void>();
      state.gate = { reached: reached.resolve, opened: opened.promise };
      return {
        reached: reached.promise,
        release() {
          state.gate = null;
          opened.resolve();
        },
      };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return fake;
}

async function answer(
  fake: FakeAnthropic,
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = (await json(request)) as Record<string, unknown>;
  const path = request.url ?? "";
  fake.requests.push({ path, headers: request.headers, body });
  response.on("close", () => {
    if (!response.writableEnded) fake.aborted += 1;
  });
  const bad = fake.misfortune?.(fake.requests.length) ?? null;
  const fault = state.faults > 0 ? state.fault : bad;
  state.faults -= 1;
  if (fault?.kind === "refuse connection") return void request.socket.destroy();
  if (request.headers["x-api-key"] !== fake.key) {
    return sendError(response, 401, "authentication_error", "invalid x-api-key");
  }
  if (fault?.kind === "status") {
    return sendError(response, fault.status, fault.type, fault.message ?? "as ordered", fault.headers);
  }
  if (path === "/v1/messages/count_tokens") {
    return send(response, 200, { input_tokens: JSON.stringify(body.messages).length });
  }
  if (path !== "/v1/messages") return sendError(response, 404, "not_found_error", path);
  if (body.stream === true) return stream(fake, state, fault, String(body.model), response);
  await pass(state);
  await whole(fake, fault, String(body.model), response);
}

async function whole(
  fake: FakeAnthropic,
  fault: FakeFault | null,
  model: string,
  response: ServerResponse,
): Promise<void> {
  if (fault?.kind === "hangs") return void response.writeHead(200).flushHeaders();
  if (fault?.kind === "drips") return drip(response.writeHead(200), " ");
  if (fault?.kind === "garbage") return void response.writeHead(200).end("<html>busy</html>");
  const message = messageOf(fake, model);
  if (fault?.kind === "usage missing") message.usage = undefined;
  if (fault?.kind === "wrong content-type")
    return send(response, 200, message, { "content-type": "text/html" });
  if (fault?.kind !== "cut after") return send(response, 200, message);
  response.writeHead(200, { "content-type": "application/json" }).write(JSON.stringify(message).slice(0, 40));
  // What was written must arrive before the connection breaks.
  setTimeout(() => response.destroy(), 50);
}

async function stream(
  fake: FakeAnthropic,
  state: State,
  fault: FakeFault | null,
  model: string,
  response: ServerResponse,
): Promise<void> {
  const type = fault?.kind === "wrong content-type" ? "text/html" : "text/event-stream; charset=utf-8";
  response.writeHead(200, { "content-type": type, "request-id": "req_fake" });
  if (fault?.kind === "garbage" || fault?.kind === "garbage events") {
    return void response.end(fault.kind === "garbage" ? "<html>busy</html>" : "data: {]\n\ndata: 7\n\n");
  }
  const events = eventsOf(fake, model, fault?.kind === "usage missing");
  for (const [index, event] of events.entries()) {
    if (fault && "events" in fault && index === fault.events) {
      if (fault.kind === "cut inside") response.write(event.slice(0, event.length / 2));
      if (fault.kind !== "error event") {
        // What was written must arrive before the connection breaks.
        return void setTimeout(() => response.destroy(), 50);
      }
      const error = { type: "error", error: { type: "overloaded_error", message: "as ordered" } };
      return void response.end(`event: error\ndata: ${JSON.stringify(error)}\n\n`);
    }
    response.write(event);
    if (fault?.kind === "hangs") return;
    if (fault?.kind === "drips") return drip(response, ":");
    if (index === 0) await pass(state);
  }
  response.end();
}

/** A comment of a stream, or white space before a document: it keeps the answer alive and says nothing. */
async function drip(response: ServerResponse, nothing: ":" | " "): Promise<void> {
  while (!response.destroyed) {
    response.write(nothing);
    await delay(10);
  }
}

async function pass(state: State): Promise<void> {
  const { gate } = state;
  gate?.reached();
  await gate?.opened;
}

function messageOf(fake: FakeAnthropic, model: string): Record<string, unknown> {
  const { text, tool, usage } = fake.reply;
  const content = [
    ...(text === undefined ? [] : [{ type: "text", text, citations: null }]),
    ...(tool ? [{ type: "tool_use", id: "toolu_fake", name: tool.name, input: tool.input }] : []),
  ];
  return {
    id: "msg_fake",
    type: "message",
    role: "assistant",
    model,
    content,
    stop_reason: tool ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage: usage ?? DEFAULT_USAGE,
  };
}

function eventsOf(fake: FakeAnthropic, model: string, usageMissing: boolean): string[] {
  const message = messageOf(fake, model);
  const usage = message.usage as Record<string, unknown>;
  const blocks = message.content as Record<string, unknown>[];
  const start = { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } };
  if (usageMissing) start.usage = {} as never;
  return [
    sse("message_start", { message: start }),
    sse("ping", {}),
    ...blocks.flatMap((block, index) => blockEvents(block, index)),
    sse("message_delta", {
      delta: { stop_reason: message.stop_reason, stop_sequence: null },
      ...(usageMissing ? {} : { usage: { output_tokens: usage.output_tokens } }),
    }),
    sse("message_stop", {}),
  ];
}

function blockEvents(block: Record<string, unknown>, index: number): string[] {
  const isText = block.type === "text";
  const whole = isText ? String(block.text) : JSON.stringify(block.input);
  const deltas = (whole.match(/[\s\S]{1,7}/gu) ?? []).map((piece) =>
    isText ? { type: "text_delta", text: piece } : { type: "input_json_delta", partial_json: piece },
  );
  return [
    sse("content_block_start", {
      index,
      content_block: isText ? { ...block, text: "" } : { ...block, input: {} },
    }),
    ...deltas.map((delta) => sse("content_block_delta", { index, delta })),
    sse("content_block_stop", { index }),
  ];
}

function sse(type: string, fields: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

function send(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { "content-type": "application/json", "request-id": "req_fake", ...headers });
  response.end(JSON.stringify(body));
}

function sendError(
  response: ServerResponse,
  status: number,
  type: string,
  message: string,
  headers?: Record<string, string>,
): void {
  send(response, status, { type: "error", error: { type, message }, request_id: "req_fake" }, headers);
}
