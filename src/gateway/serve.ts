import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { authenticator } from "#gateway/authenticate.ts";
import { OncePerKey } from "#gateway/calls/once-per-key.ts";
import { CallsUnderWay } from "#gateway/calls/under-way.ts";
import { readBody } from "#gateway/http/read-body.ts";
import { ROUTES, type Serving } from "#gateway/http/routes.ts";
import { wireError } from "#gateway/http/wire-error.ts";
import { writeAnswer } from "#gateway/http/write-answer.ts";
import type { Provider } from "#gateway/provider.ts";
import { rateLimit } from "#gateway/rate-limit.ts";
import { DRAIN_MS } from "#gateway/tunables.ts";
import type { Database } from "#platform/db.ts";
import { AppError, ERROR_CODES, toAppError } from "#platform/errors.ts";
import { newId } from "#platform/ids.ts";
import type { Logger } from "#platform/log.ts";

export interface Gateway {
  /** not listening yet */
  server: Server;
  /** Settles what gateways that died have left behind; afterwards it happens by itself. */
  sweep(): Promise<void>;
  /** Takes no more calls, lets those under way end, breaks off what takes too long, settles everything. */
  close(): Promise<void>;
}

export function createGateway(options: {
  db: Database;
  runTokenSecret: string;
  providers: Provider[];
  /** model calls a minute and user; 0: no limit */
  ratePerMinute: number;
  log: Logger;
}): Gateway {
  const { db, log } = options;
  const underWay = new CallsUnderWay(db.pool, log);
  const calling = { pool: db.pool, underWay, log };
  const serving: Serving = {
    db,
    authenticate: authenticator(db.pool, options.runTokenSecret),
    providers: options.providers,
    calling,
    oncePerKey: new OncePerKey(calling),
    limitRate: rateLimit(options.ratePerMinute),
  };
  let closing = false;
  const server = createServer({ noDelay: true, keepAliveTimeout: 65_000 }, (request, response) => {
    // A connection that was busy when the server closed would be kept for ever by a caller who keeps asking.
    if (closing) response.shouldKeepAlive = false;
    void serve(serving, log, request, response);
  });
  return {
    server,
    sweep: () => underWay.sweep(),
    async close() {
      closing = true;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await underWay.drain(DRAIN_MS);
      const patience = setTimeout(() => server.closeAllConnections(), 500);
      await closed;
      clearTimeout(patience);
    },
  };
}

async function serve(
  serving: Serving,
  log: Logger,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const began = performance.now();
  const requestId = newId();
  const left = new AbortController();
  response.on("close", () => {
    if (!response.writableFinished) left.abort(new Error("the caller is gone"));
  });
  const path = (request.url ?? "/").split("?", 1)[0];
  try {
    const route = findRoute(request.method ?? "", path ?? "");
    const asked = {
      requestId,
      headers: request.headers,
      readBody: () => readBody(request),
      left: left.signal,
    };
    await writeAnswer(response, await route(serving, asked));
  } catch (error) {
    writeError(response, toAppError(error), requestId, log, left.signal.aborted);
  } finally {
    const ms = Math.round(performance.now() - began);
    log.debug({ requestId, method: request.method, path, status: response.statusCode, ms }, "request");
  }
}

/** @throws AppError not_found, method_not_allowed */
function findRoute(method: string, path: string): (typeof ROUTES)[string] {
  const route = ROUTES[`${method} ${path}`];
  if (route) return route;
  if (Object.keys(ROUTES).some((known) => known.endsWith(` ${path}`))) {
    throw new AppError("method_not_allowed", `${path} does not take ${method}.`);
  }
  throw new AppError("not_found", "There is nothing here. Models are called at POST /v1/messages.");
}

function writeError(
  response: ServerResponse,
  error: AppError,
  requestId: string,
  log: Logger,
  callerGone: boolean,
): void {
  if (!callerGone) {
    log[ERROR_CODES[error.code].level]({ requestId, code: error.code, err: error.cause }, error.message);
  }
  // Half an answer is out already: only a broken connection says that the rest will not come.
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, headers, body } = wireError(error, requestId);
  // A body that was not read to its end leaves the connection in the middle of a request.
  if (!response.req.complete) headers.connection = "close";
  response.writeHead(status, { ...headers, "x-carrel-request-id": requestId });
  response.end(body);
}
