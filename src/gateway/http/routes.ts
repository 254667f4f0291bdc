import type { IncomingHttpHeaders } from "node:http";
import { type KeptAnswer, mayBeKept } from "#gateway/answers/kept-answers.ts";
import type { Answer, Call } from "#gateway/calls/call.ts";
import { checkRequest } from "#gateway/calls/check-request.ts";
import type { OncePerKey } from "#gateway/calls/once-per-key.ts";
import { type Calling, performCall } from "#gateway/calls/perform-call.ts";
import type { Authenticate, Caller } from "#gateway/http/authenticate.ts";
import type { CutBody } from "#gateway/http/cut-body.ts";
import { findTargets, listModels, type Offer } from "#gateway/http/models.ts";
import { CountTokensRequest } from "#gateway/messages-wire.ts";
import type { Sealing } from "#gateway/own-keys.ts";
import { PriceQuestion, priceToPay } from "#gateway/price-answer.ts";
import { WholeBody } from "#gateway/whole-body.ts";
import { parseBody } from "#gateway/wires/parse-body.ts";
import type { Wire } from "#gateway/wires/wire.ts";
import { wireAt } from "#gateway/wires/wires.ts";
import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

export interface Serving {
  db: Database;
  authenticate: Authenticate;
  offer: Offer;
  sealing: Sealing;
  calling: Calling;
  oncePerKey: OncePerKey;
  /** @throws AppError rate_limited */
  limitRate(caller: Caller): Promise<void>;
}

export interface Asked {
  requestId: string;
  headers: IncomingHttpHeaders;
  readBody(): Promise<CutBody>;
  /** aborted when the caller is gone */
  left: AbortSignal;
}

type Route = (serving: Serving, asked: Asked) => Promise<Answer>;

const CALLED_AT = ["/v1/messages", "/v1/chat/completions", "/v1/responses", "/v1/audio/speech"];

export const ROUTES: Record<string, Route> = {
  ...Object.fromEntries(CALLED_AT.map((path) => [`POST ${path}`, modelCall(wireAt(path))])),
  "POST /v1/messages/count_tokens": countTokens,
  "POST /price.json": price,
  "GET /v1/models": models,
  "GET /models.json": modelsForPages,
  "GET /keys.json": async ({ sealing }, asked) => json(asked, { publicKey: sealing.publicKey }),
  "GET /healthz": async (_serving, asked) => json(asked, { status: "ok" }),
  "GET /readyz": ready,
  "GET /metrics": metrics,
};

/** A model call on any wire. */
function modelCall(wire: Wire): Route {
  return async (serving, asked) => {
    const caller = await admit(serving, asked);
    const request = wire.read(await asked.readBody());
    const kept = mayBeKept(asked.headers["x-carrel-cache"], request);
    const found = kept ? await serving.calling.keptAnswers.find(caller.bearer.userId, request) : null;
    if (found) return givenAgain(asked, found);
    const { model, wire: name } = request;
    const ownKeys = await openOwnKeys(serving.sealing, caller);
    const targets = findTargets(serving.offer, { model, wire: name, roles: caller.roles, ownKeys });
    const key = readKey(asked.headers);
    const headers = wireHeaders(asked.headers);
    const { bearer, caps } = caller;
    const call: Call = { id: asked.requestId, bearer, caps, wire, request, targets, headers, key, kept };
    if (key !== null) return serving.oncePerKey.answer({ ...call, key }, asked.left);
    return performCall(serving.calling, call, asked.left);
  };
}

async function openOwnKeys(
  sealing: Sealing,
  { bearer, sealedKeys }: Caller,
): Promise<Readonly<Record<string, string>>> {
  const { userId } = bearer;
  if (Object.keys(sealedKeys).length === 0) return sealedKeys;
  const opened = Object.entries(sealedKeys).map(async ([provider, sealed]) => [
    provider,
    await sealing.open(sealed, { userId, provider }),
  ]);
  return Object.fromEntries(await Promise.all(opened));
}

/** The answer of an earlier call, byte for byte; it costs nothing. */
function givenAgain({ requestId }: Asked, { headers, body }: KeptAnswer): Answer {
  const streamed = (headers["content-type"] ?? "").startsWith("text/event-stream");
  return {
    requestId,
    status: 200,
    headers: { ...headers, "x-carrel-cache": "hit" },
    streamed,
    body: new WholeBody(body),
    cost: () => 0,
  };
}

async function countTokens(serving: Serving, asked: Asked): Promise<Answer> {
  const caller = await admit(serving, asked);
  const { text, parts } = await asked.readBody();
  const { request, body } = checkRequest(CountTokensRequest, text);
  const [{ provider, model, ownKey }] = findTargets(serving.offer, {
    model: request.model,
    wire: "messages",
    roles: caller.roles,
    ownKeys: await openOwnKeys(serving.sealing, caller),
  });
  if (!provider.countTokens) {
    throw new AppError("not_found", `${provider.name} does not count tokens beforehand.`);
  }
  const renamed = model === request.model ? body : Buffer.from(JSON.stringify({ ...request, model }));
  const headers = wireHeaders(asked.headers);
  const { requestId } = asked;
  const bytes = { body: renamed, parts, headers, ownKey, signal: asked.left };
  const call = { callId: requestId, request: { ...request, model }, ...bytes };
  const upstream = await provider.countTokens(call);
  return { ...upstream, requestId, streamed: false, cost: () => 0 };
}

/** What a model costs this caller on the Messages wire: for whoever has to say it beforehand. */
async function price(serving: Serving, asked: Asked): Promise<Answer> {
  const caller = await admit(serving, asked);
  const { model } = parseBody(PriceQuestion, (await asked.readBody()).text);
  const ownKeys = await openOwnKeys(serving.sealing, caller);
  const targets = findTargets(serving.offer, { model, wire: "messages", roles: caller.roles, ownKeys });
  return json(asked, { prices: targets.map((target) => priceToPay(target.price)) });
}

async function models(serving: Serving, asked: Asked): Promise<Answer> {
  await admit(serving, asked);
  // Both shapes at once: Anthropic's and OpenAI's fields have different names.
  const data = listModels(serving.offer.providers).map(({ id, since, provider }) => ({
    type: "model",
    id,
    display_name: id === "demo" ? "Demo model (scripted)" : id,
    created_at: `${since}T00:00:00Z`,
    object: "model",
    created: Date.parse(since) / 1000,
    owned_by: provider,
  }));
  return json(asked, {
    object: "list",
    data,
    has_more: false,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  });
}

/** For the product's own pages, which have no token: names only. */
async function modelsForPages(serving: Serving, asked: Asked): Promise<Answer> {
  const offered = listModels(serving.offer.providers);
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
  return json(asked, { status: "ok", models: listModels(serving.offer.providers).length });
}

async function metrics({ calling }: Serving, asked: Asked): Promise<Answer> {
  const { registry, underWay } = calling.metrics;
  underWay.set(calling.underWay.count);
  const body = new WholeBody(Buffer.from(await registry.metrics()));
  const headers = { "content-type": registry.contentType };
  return { requestId: asked.requestId, status: 200, headers, streamed: false, body, cost: () => 0 };
}

async function admit(serving: Serving, asked: Asked): Promise<Caller> {
  const caller = await serving.authenticate(asked.headers);
  await serving.limitRate(caller);
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
    body: new WholeBody(bytes),
    cost: () => 0,
  };
}
