import type { IncomingHttpHeaders } from "node:http";
import type { Authenticate, Caller } from "#gateway/authenticate.ts";
import type { Answer, Call } from "#gateway/calls/call.ts";
import { checkRequest } from "#gateway/calls/check-request.ts";
import type { OncePerKey } from "#gateway/calls/once-per-key.ts";
import { type Calling, performCall } from "#gateway/calls/perform-call.ts";
import { CountTokensRequest, MessagesRequest } from "#gateway/messages-wire.ts";
import { findModel, listModels } from "#gateway/models.ts";
import type { Provider } from "#gateway/provider.ts";
import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

export interface Serving {
  db: Database;
  authenticate: Authenticate;
  providers: Provider[];
  calling: Calling;
  oncePerKey: OncePerKey;
  /** @throws AppError rate_limited */
  limitRate(userId: string): Promise<void>;
}

export interface Asked {
  requestId: string;
  headers: IncomingHttpHeaders;
  readBody(): Promise<Buffer>;
  /** aborted when the caller is gone */
  left: AbortSignal;
}

type Route = (serving: Serving, asked: Asked) => Promise<Answer>;

export const ROUTES: Record<string, Route> = {
  "POST /v1/messages": messages,
  "POST /v1/messages/count_tokens": countTokens,
  "GET /v1/models": models,
  "GET /models.json": modelsForPages,
  "GET /healthz": async (_serving, asked) => json(asked, { status: "ok" }),
  "GET /readyz": ready,
};

async function messages(serving: Serving, asked: Asked): Promise<Answer> {
  const caller = await admit(serving, asked);
  const { request, body } = checkRequest(MessagesRequest, await asked.readBody());
  const { provider, price } = findModel(serving.providers, request.model);
  const key = readKey(asked.headers);
  const headers = wireHeaders(asked.headers);
  const call: Call = { id: asked.requestId, ...caller, provider, price, request, body, headers, key };
  if (key !== null) return serving.oncePerKey.answer({ ...call, key }, asked.left);
  return performCall(serving.calling, call, asked.left);
}

async function countTokens(serving: Serving, asked: Asked): Promise<Answer> {
  await admit(serving, asked);
  const { request, body } = checkRequest(CountTokensRequest, await asked.readBody());
  const { provider } = findModel(serving.providers, request.model);
  const headers = wireHeaders(asked.headers);
  const upstream = await provider.countTokens({
    callId: asked.requestId,
    request,
    body,
    headers,
    signal: asked.left,
  });
  const { requestId } = asked;
  return { ...upstream, requestId, streamed: false, cost: () => 0 };
}

async function models(serving: Serving, asked: Asked): Promise<Answer> {
  await admit(serving, asked);
  const data = listModels(serving.providers).map(({ id, since }) => ({
    type: "model",
    id,
    display_name: id === "demo" ? "Demo model (scripted)" : id,
    created_at: `${since}T00:00:00Z`,
  }));
  return json(asked, {
    data,
    has_more: false,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  });
}

/** For the product's own pages, which have no token: names only. */
async function modelsForPages(serving: Serving, asked: Asked): Promise<Answer> {
  const offered = listModels(serving.providers);
  return json(asked, {
    models: offered.map(({ id, provider, scripted }) => ({ id, provider, scripted })),
  });
}

async function ready(serving: Serving, asked: Asked): Promise<Answer> {
  try {
    await serving.db.pool.query("SELECT 1");
  } catch (error) {
    throw new AppError("unavailable", "The database does not answer.", { cause: error });
  }
  return json(asked, { status: "ok", models: listModels(serving.providers).length });
}

async function admit(serving: Serving, asked: Asked): Promise<Caller> {
  const caller = await serving.authenticate(asked.headers);
  await serving.limitRate(caller.bearer.userId);
  return caller;
}

/** @throws AppError bad_request */
function readKey(headers: IncomingHttpHeaders): string | null {
  const key = headers["idempotency-key"];
  if (key === undefined) return null;
  if (typeof key !== "string" || !/^[\x21-\x7e][\x20-\x7e]{0,499}$/.test(key)) {
    throw new AppError("bad_request", "idempotency-key: 1 to 500 printable ASCII characters.");
  }
  return key;
}

function wireHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    ["anthropic-version", "anthropic-beta"].flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );
}

function json(asked: Asked, value: unknown): Answer {
  const bytes = Buffer.from(JSON.stringify(value));
  const headers = { "content-type": "application/json" };
  return {
    requestId: asked.requestId,
    status: 200,
    headers,
    streamed: false,
    body: only(bytes),
    cost: () => 0,
  };
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
