import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { clientAddress } from "#api/door/client-address.ts";
import { type GuardOptions, guardRequest } from "#api/door/guard-request.ts";
import { setSecurityHeaders } from "#api/door/security-headers.ts";
import { problemResponse } from "#api/handling/problem.ts";
import type { Metrics } from "#api/metrics.ts";
import { toAppError } from "#platform/errors.ts";
import { ADDRESS_HEADER, REQUEST_ID_HEADER } from "#platform/http.ts";
import { newId } from "#platform/ids.ts";
import type { Logger } from "#platform/log.ts";
import { SOCKET_PATH, type SocketServer } from "#realtime/socket-server.ts";

type Answerer = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

export interface WebServerOptions {
  guard: GuardOptions;
  /** where the set-up page posts its manifest to */
  gitHubOrigin: string;
  dev: boolean;
  sockets: SocketServer;
  metrics: Metrics;
  /** answered before anything else, by exact path: probes and metrics */
  probes: Readonly<Record<string, Answerer>>;
  pages: Answerer;
  /** upgrades that are not sockets of ours: hot reload */
  pageUpgrade: ((request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>) | null;
  /** @throws AppError rate_limited */
  limitSignIn(address: string): Promise<void>;
  log: Logger;
}

/** The one door: everything that comes in passes the guard here, then goes to sockets, probes or Next. */
export function createWebServer(options: WebServerOptions): http.Server {
  const server = http.createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => refuse(options, error, request, response));
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgrade(options, request, socket, head).catch((error: unknown) => refuseUpgrade(options, error, socket));
  });
  // Longer than the idle time of common proxies, so that none of them writes into a connection being closed.
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = 66_000;
  return server;
}

async function answer(
  options: WebServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  admit(options, request);
  response.setHeader(REQUEST_ID_HEADER, requestIdOf(request));
  options.metrics.observe(request, response);
  const https = options.guard.appUrl.protocol === "https:";
  setSecurityHeaders(request, response, { dev: options.dev, https, gitHubOrigin: options.gitHubOrigin });
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
  const probe = options.probes[path];
  // A probe asks by whatever name or address the host has in its cluster; it learns nothing.
  if (probe && options.guard.mode === "production") return probe(request, response);
  const verdict = guardRequest(options.guard, asked(request));
  if ("redirect" in verdict) {
    response.writeHead(307, { location: verdict.redirect, "cache-control": "no-store" }).end();
    return;
  }
  if (verdict.dropCookie) delete request.headers.cookie;
  if (probe) return probe(request, response);
  if (path.startsWith(`${SOCKET_PATH}/`)) return options.sockets.request(request, response);
  if (/^\/api\/auth\/(signin|callback)\//.test(path)) {
    await options.limitSignIn(String(request.headers[ADDRESS_HEADER]));
  }
  logWhenDone(options.log, request, response, path);
  drainWhenAnswered(request, response);
  await options.pages(request, response);
}

async function upgrade(
  options: WebServerOptions,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  socket.on("error", (error) => options.log.debug({ err: error }, "an upgraded connection broke"));
  admit(options, request);
  const verdict = guardRequest(options.guard, asked(request));
  if ("dropCookie" in verdict && verdict.dropCookie) delete request.headers.cookie;
  if (request.url?.startsWith(`${SOCKET_PATH}/`)) return options.sockets.upgrade(request, socket, head);
  if (options.pageUpgrade) return options.pageUpgrade(request, socket, head);
  socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
}

/** What the rest of the process may rely on, whatever the client sent. */
function admit({ guard }: WebServerOptions, request: IncomingMessage): void {
  request.headers[ADDRESS_HEADER] = clientAddress(request, guard.mode);
  request.headers[REQUEST_ID_HEADER] = newId();
}

function asked(request: IncomingMessage) {
  return { method: request.method ?? "GET", url: request.url ?? "/", headers: request.headers };
}

function requestIdOf(request: IncomingMessage): string {
  return String(request.headers[REQUEST_ID_HEADER]);
}

/** How long the rest of a refused body may still come in, so that its sender reads the answer. Milliseconds. */
const LINGER_MS = 5_000;

// A body that was given up half-way (too large, say) would leave the connection stuck: nobody reads, nothing ends.
function drainWhenAnswered(request: IncomingMessage, response: ServerResponse): void {
  response.once("finish", () => {
    if (request.complete) return;
    request.removeAllListeners("data");
    request.removeAllListeners("readable");
    request.resume();
    const cut = setTimeout(() => request.socket.destroy(), LINGER_MS);
    request.once("close", () => clearTimeout(cut));
    request.once("end", () => clearTimeout(cut));
  });
}

function logWhenDone(log: Logger, request: IncomingMessage, response: ServerResponse, path: string): void {
  if (path.startsWith("/_next/")) return;
  const began = performance.now();
  response.once("close", () => {
    const ms = Math.round(performance.now() - began);
    const { statusCode: status } = response;
    log.info({ requestId: requestIdOf(request), method: request.method, path, status, ms }, "answered");
  });
}

function refuse(
  { log }: WebServerOptions,
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const known = toAppError(error);
  if (known.code === "internal") log.error({ err: known.cause, requestId: requestIdOf(request) }, "failed");
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const problem = problemResponse(known);
  response.writeHead(problem.status, Object.fromEntries(problem.headers));
  problem.text().then((text) => response.end(text));
}

function refuseUpgrade({ log }: WebServerOptions, error: unknown, socket: Duplex): void {
  const known = toAppError(error);
  if (known.code === "internal") log.error({ err: known.cause }, "an upgrade failed");
  const status = known.code === "forbidden" ? "403 Forbidden" : "400 Bad Request";
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
