import http from "node:http";
import type { Duplex } from "node:stream";
import { Server } from "socket.io";
import { authorise, requireScope } from "#accounts/authorise.ts";
import type { LiveAccess } from "#accounts/live-access.ts";
import type { RateLimits } from "#accounts/rate-limits.ts";
import type { SessionCookie } from "#accounts/session-cookie.ts";
import type { Database } from "#platform/db.ts";
import { AppError, toAppError } from "#platform/errors.ts";
import { ADDRESS_HEADER } from "#platform/http.ts";
import type { Logger } from "#platform/log.ts";
import type { EventHub } from "#realtime/event-hub.ts";
import type { RunSocket, RunSocketServer } from "#realtime/messages.ts";
import { serveSubscriptions } from "#realtime/subscriptions.ts";
import { Watchers } from "#realtime/watchers.ts";
import type { WorkspaceFeed } from "#realtime/workspace-feed.ts";

export interface SocketServerOptions {
  db: Database;
  hub: EventHub;
  workspaceFeed: WorkspaceFeed;
  access: LiveAccess;
  cookie: SessionCookie;
  rateLimits: RateLimits;
  log: Logger;
}

/** Sockets that one user may hold open on this node; more are refused. */
const SOCKETS_PER_USER = 100;

export const SOCKET_PATH = "/socket.io";

const room = (userId: string) => `user:${userId}`;

export interface SocketServer {
  /** A request below /socket.io (long polling), after the web server's guard. */
  request(request: http.IncomingMessage, response: http.ServerResponse): void;
  upgrade(request: http.IncomingMessage, socket: Duplex, head: Buffer): void;
  /** sockets open on this node */
  count(): number;
  close(): void;
}

/** The socket server. It listens nowhere itself: the web server hands over what its guard let through. */
export function createSocketServer(options: SocketServerOptions): SocketServer {
  const inner = http.createServer();
  const io: RunSocketServer = new Server(inner, {
    path: SOCKET_PATH,
    serveClient: false,
    // 14 times the memory of an idle socket for little: events are small
    perMessageDeflate: false,
    httpCompression: false,
    // below the 60 s after which common proxies close an idle connection
    pingInterval: 25_000,
    pingTimeout: 20_000,
    maxHttpBufferSize: 16 * 1024,
  });
  io.use((socket, next) => {
    admit(io, socket, options).then(
      () => next(),
      (error: unknown) => next(refusal(error, options.log)),
    );
  });
  const watchers = new Watchers(options.db, options.log);
  io.on("connection", (socket) => welcome(socket, watchers, options));
  options.workspaceFeed.follow(
    (userId) => watchers.has(userId),
    (userId, workspace) => void io.local.to(room(userId)).emit("workspace:state", workspace),
  );
  const stop = options.hub.onStatus(({ userId, agentId, runId, status }) => {
    io.local.to(room(userId)).emit("agent:changed", { agentId, runId, status });
  });
  return {
    request: (request, response) => void inner.emit("request", request, response),
    upgrade: (request, socket, head) => void inner.emit("upgrade", request, socket, head),
    count: () => io.engine.clientsCount,
    close() {
      stop();
      watchers.close();
      io.disconnectSockets(true);
      io.engine.close();
    },
  };
}

async function admit(io: RunSocketServer, socket: RunSocket, options: SocketServerOptions): Promise<void> {
  const { headers, auth } = socket.handshake;
  await options.rateLimits.address(String(headers[ADDRESS_HEADER] ?? ""));
  const token: unknown = auth.token;
  const identity = await authorise(options.db, options.cookie, {
    authorization: typeof token === "string" ? `Bearer ${token}` : headers.authorization,
    cookie: headers.cookie,
  });
  requireScope(identity, "api:read");
  await options.rateLimits.user(identity.userId);
  const open = io.sockets.adapter.rooms.get(room(identity.userId))?.size ?? 0;
  if (open >= SOCKETS_PER_USER) {
    throw new AppError("rate_limited", `You have ${SOCKETS_PER_USER} connections open. Close some.`);
  }
  socket.data.identity = identity;
}

function welcome(socket: RunSocket, watchers: Watchers, { db, hub, access, log }: SocketServerOptions): void {
  const { identity } = socket.data;
  socket.join(room(identity.userId));
  const stopWatching = access.watch(identity, () => socket.disconnect(true));
  const endAll = serveSubscriptions(socket, identity.userId, { db, hub, log });
  const stopLooking = watchers.enter(identity.userId);
  socket.on("disconnect", () => {
    stopLooking();
    stopWatching();
    endAll();
  });
}

function refusal(error: unknown, log: Logger): Error {
  const { code, message, cause } = toAppError(error);
  if (code === "internal") log.error({ err: cause }, "a socket could not be admitted");
  return Object.assign(new Error(message), { data: { code, detail: message } });
}
