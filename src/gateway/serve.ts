import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { KeptAnswers } from "#gateway/answers/kept-answers.ts";
import { dropOldChanges } from "#gateway/callers/known-callers.ts";
import { OncePerKey } from "#gateway/calls/once-per-key.ts";
import type { Calling, TimeLimits } from "#gateway/calls/perform-call.ts";
import { CallsUnderWay } from "#gateway/calls/under-way.ts";
import { authenticator } from "#gateway/http/authenticate.ts";
import { cutBody } from "#gateway/http/cut-body.ts";
import { rateLimit } from "#gateway/http/rate-limit.ts";
import { readBody } from "#gateway/http/read-body.ts";
import { ROUTES, type Serving } from "#gateway/http/routes.ts";
import { writeAnswer } from "#gateway/http/write-answer.ts";
import { writeError } from "#gateway/http/write-error.ts";
import type { Sealing } from "#gateway/own-keys.ts";
import type { Provider } from "#gateway/provider.ts";
import { type CircuitSettings, Circuits } from "#gateway/resilience/circuits.ts";
import { createMetrics } from "#gateway/resilience/metrics.ts";
import { RetryBudget } from "#gateway/resilience/retry.ts";
import { NO_ROUTING, type Routing } from "#gateway/routing.ts";
import { DRAIN_MS, FIRST_BYTE_TIMEOUT_MS, HEADERS_TIMEOUT_MS, TOTAL_TIMEOUT_MS } from "#gateway/tunables.ts";
import { wireAt } from "#gateway/wires/wires.ts";
import { Holds } from "#ledger/holds.ts";
import { type Database, isUnreachable } from "#platform/db.ts";
import { AppError, ERROR_CODES, isAppError, toAppError } from "#platform/errors.ts";
import { newId } from "#platform/ids.ts";
import type { Logger } from "#platform/log.ts";

const LIMITS: TimeLimits = {
  firstByteMs: FIRST_BYTE_TIMEOUT_MS,
  totalMs: TOTAL_TIMEOUT_MS,
  wholeMs: HEADERS_TIMEOUT_MS,
};

export interface Gateway {
  /** not listening yet */
  server: Server;
  /** Settles what gateways that died have left behind; afterwards it happens by itself. */
  sweep(): Promise<void>;
  /** Gives back at once what lies ready here against a scope: another gateway is short of it. */
  recall(scope: string): void;
  /** Takes no more calls, lets those under way end, breaks off what takes too long, settles everything. */
  close(): Promise<void>;
}

export function createGateway(options: {
  db: Database;
  runTokenSecret: string;
  sealing: Sealing;
  providers: Provider[];
  routing?: Routing;
  circuits?: CircuitSettings;
  limits?: Partial<TimeLimits>;
  /** model calls a minute and user; 0: no limit */
  ratePerMinute: number;
  log: Logger;
}): Gateway {
  const { db, log } = options;
  const holds = new Holds(db.pool, (error) => {
    log.warn({ err: error }, "could not give back what lay ready for calls; soon again");
  });
  const underWay = new CallsUnderWay(db.pool, holds, log);
  const metrics = createMetrics();
  const budgets = new Map<string, RetryBudget>();
  const circuits = new Circuits(options.circuits ?? {}, (circuit, open) => {
    metrics.circuitOpen.set({ circuit }, open ? 1 : 0);
    log.warn({ circuit, open }, open ? "a circuit opens: the provider keeps failing" : "a circuit changed");
  });
  const keptAnswers = new KeptAnswers(db.pool);
  underWay.everyHour("drop kept answers", () => keptAnswers.dropOld());
  underWay.everyHour("drop changes of callers", () => dropOldChanges(db.pool));
  const calling: Calling = {
    pool: db.pool,
    holds,
    underWay,
    circuits,
    metrics,
    keptAnswers,
    limits: { ...LIMITS, ...options.limits },
    log,
    budgetOf(provider) {
      const budget = budgets.get(provider) ?? new RetryBudget();
      budgets.set(provider, budget);
      return budget;
    },
  };
  const serving: Serving = {
    db,
    authenticate: authenticator(db.pool, options.runTokenSecret),
    sealing: options.sealing,
    offer: { providers: options.providers, routing: options.routing ?? NO_ROUTING },
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
    recall: (scope) => holds.recall(scope),
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
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
  try {
    const route = findRoute(request.method ?? "", path);
    const asked = {
      requestId,
      headers: request.headers,
      readBody: async () => cutBody(await readBody(request)),
      left: left.signal,
    };
    await writeAnswer(response, await route(serving, asked));
  } catch (error) {
    const said = inOwnWords(error);
    serving.calling.metrics.refusals.inc({ code: said.code });
    if (!left.signal.aborted) {
      log[ERROR_CODES[said.code].level]({ requestId, code: said.code, err: said.cause }, said.message);
    }
    writeError(response, wireAt(path), said, requestId);
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

/** An error of the database says nothing to a caller, but that no call is made without its ledger. */
function inOwnWords(error: unknown): AppError {
  if (isAppError(error) || !isUnreachable(error)) return toAppError(error);
  return new AppError(
    "unavailable",
    "The ledger cannot be reached, and no call is made without it. Try again.",
    {
      cause: error,
      details: { retryAfterSeconds: 2 },
    },
  );
}
