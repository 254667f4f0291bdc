import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { ClientHttp2Stream } from "node:http2";
import { type Duplex, duplexPair } from "node:stream";
import { joinStreams } from "./join-streams.ts";
import { passableHeaders } from "./passable-headers.ts";
import { Refusal } from "./refusal.ts";
import type { ReverseLink } from "./reverse-link.ts";

interface Answer {
  status: number;
  body: string;
}

type Way = { stream: ClientHttp2Stream } | { refused: Answer };

/**
 * The HTTP proxy of the workspace: CONNECT for what is encrypted, absolute addresses for what is not. Every way out is
 * asked of the runner as CONNECT host:port.
 */
export function createProxy(reverse: ReverseLink): http.Server {
  const server = http.createServer((request, response) => {
    passPlain(reverse, request, response).catch((error: unknown) => answer(response, toAnswer(error)));
  });
  server.on("connect", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    tunnel(reverse, request, socket, head).catch((error: unknown) => refuseTunnel(socket, toAnswer(error)));
  });
  return server;
}

async function tunnel(reverse: ReverseLink, request: IncomingMessage, socket: Duplex, head: Buffer) {
  const way = await openWay(reverse, request.url ?? "", agentOf(request));
  if ("refused" in way) return refuseTunnel(socket, way.refused);
  if (socket.destroyed) return way.stream.close(8 /* CANCEL */);
  socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
  if (head.length > 0) way.stream.write(head);
  joinStreams(socket, way.stream);
}

async function passPlain(reverse: ReverseLink, request: IncomingMessage, response: ServerResponse) {
  const url = URL.canParse(request.url ?? "") ? new URL(request.url ?? "") : null;
  if (url?.protocol !== "http:") {
    throw new Refusal(400, "This is an HTTP proxy: it takes CONNECT, and addresses that begin with http://");
  }
  const way = await openWay(reverse, `${url.hostname}:${url.port || "80"}`, agentOf(request));
  if ("refused" in way) return answer(response, way.refused);
  // Not the stream itself: Node's http2 garbles text that is written to it together with bytes, as http does.
  const [near, far] = duplexPair();
  joinStreams(far, way.stream);
  response.once("close", () => near.destroy());
  const onward = http.request({
    createConnection: () => near,
    method: request.method ?? "GET",
    path: `${url.pathname}${url.search}`,
    headers: { ...passableHeaders(request.headers), host: url.host, connection: "close" },
  });
  onward.on("error", () => {
    if (response.headersSent) response.destroy();
    else
      answer(response, { status: 502, body: JSON.stringify({ error: `${url.host} broke the connection.` }) });
  });
  onward.on("response", (got) => {
    response.writeHead(got.statusCode ?? 502, got.statusMessage, passableHeaders(got.headers));
    got.on("error", () => response.destroy());
    got.pipe(response);
  });
  request.pipe(onward);
}

async function openWay(reverse: ReverseLink, authority: string, agent: string | null): Promise<Way> {
  const headers = { ":method": "CONNECT", ":authority": authority };
  const stream = await reverse.ask(agent === null ? headers : { ...headers, "x-carrel-agent": agent }, {
    endStream: false,
  });
  const status = await statusOf(stream);
  if (status === 200) return { stream };
  let body = "";
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    body += chunk.toString();
    if (body.length > 4096) break;
  }
  stream.destroy();
  return { refused: { status, body } };
}

function statusOf(stream: ClientHttp2Stream): Promise<number> {
  return new Promise((resolve, reject) => {
    stream.once("response", (headers) => resolve(Number(headers[":status"])));
    stream.once("close", () => reject(new Refusal(502, "The link to the platform broke")));
  });
}

/** Programs name their agent as the proxy's user. It is only for the log: whoever runs in here can say anything. */
function agentOf(request: IncomingMessage): string | null {
  const given = /^Basic (\S+)$/i.exec(request.headers["proxy-authorization"] ?? "")?.[1];
  const user = given === undefined ? "" : (Buffer.from(given, "base64").toString().split(":")[0] ?? "");
  return /^[0-9A-Za-z-]{1,64}$/.test(user) ? user : null;
}

function toAnswer(error: unknown): Answer {
  const known = error instanceof Refusal ? error : new Refusal(502, "The way out failed");
  return { status: known.status, body: JSON.stringify({ error: `${known.message}.` }) };
}

function answer(response: ServerResponse, { status, body }: Answer): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, reasonOf(body), { "content-type": "application/json", connection: "close" });
  response.end(body);
}

function refuseTunnel(socket: Duplex, { status, body }: Answer): void {
  const head = [
    // Many programs show of a refused CONNECT nothing but this line.
    `HTTP/1.1 ${status} ${reasonOf(body)}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

function reasonOf(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: unknown };
    if (typeof error === "string") return error.replace(/[^ -~]/g, "?").slice(0, 300);
  } catch {
    // Not in words that we know.
  }
  return "Refused";
}
