import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { sameSecret } from "#platform/crypto.ts";
import { AppError, ERROR_CODES, toAppError } from "#platform/errors.ts";
import type { Logger } from "#platform/log.ts";
import type { Egress } from "#workspaces/egress.ts";
import type { Workspaces } from "#workspaces/manager.ts";
import { Snippet } from "#workspaces/run-snippet.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

const PREFIX = "/v1/workspaces/";
const BODY_MOST = 2 * TUNABLES.snippetCodeMost;
const RestoreRequest = z.strictObject({ treeHash: z.string().min(1) });

interface Call {
  workspaces: Workspaces;
  egress: Egress | undefined;
  userId: string;
  agentId: string;
  query: URLSearchParams;
  request: IncomingMessage;
  response: ServerResponse;
}

type Handler = (call: Call) => Promise<unknown>;

const EgressRequest = z.strictObject({ enabled: z.boolean(), allow: z.array(z.string()) });

const onAgent = async ({ workspaces, userId, agentId }: Call) =>
  (await workspaces.open(userId)).agent(agentId);

// `*` stands for an agent's id. What a handler returns is sent as JSON, undefined as 204.
const HANDLERS: Record<string, Handler> = {
  "POST look": ({ workspaces, userId }) => workspaces.look(userId),
  "DELETE ": ({ workspaces, userId }) => workspaces.destroy(userId),
  "POST start": async ({ workspaces, userId }) => void (await workspaces.open(userId)),
  "POST stop": ({ workspaces, userId }) => workspaces.stop(userId),
  "POST restart": async ({ workspaces, userId }) => {
    await workspaces.stop(userId);
    await workspaces.open(userId);
  },
  "GET egress": ({ egress, userId }) => required(egress).read(userId),
  "PUT egress": async ({ egress, userId, request }) =>
    required(egress).choose(userId, await readBody(request, EgressRequest)),
  "DELETE agents/*": ({ workspaces, userId, agentId }) => workspaces.removeAgent(userId, agentId),
  "GET agents/*/files": async (call) => {
    const options = {
      recursive: call.query.get("recursive") === "1",
      skip: call.query.getAll("skip"),
    };
    return { files: await (await onAgent(call)).list(call.query.get("path") ?? "", options) };
  },
  "GET agents/*/files/content": async (call) => {
    const { content, size } = await (await onAgent(call)).readStream(call.query.get("path") ?? "");
    call.response.writeHead(200, { "content-type": "application/octet-stream", "x-carrel-size": size });
    await pipeline(content, call.response);
  },
  "PUT agents/*/files/content": async (call) => {
    const length = call.request.headers["content-length"];
    const options = length === undefined ? {} : { size: Number(length) };
    await (await onAgent(call)).writeStream(call.query.get("path") ?? "", call.request, options);
  },
  "DELETE agents/*/files/content": async (call) => (await onAgent(call)).remove(call.query.get("path") ?? ""),
  "POST agents/*/exec": async ({ workspaces, userId, agentId, request, response }) =>
    workspaces.runSnippet(userId, agentId, await readBody(request, Snippet), whenGone(response)),
  "POST agents/*/restore": async ({ workspaces, userId, agentId, request }) =>
    workspaces.restore(userId, agentId, (await readBody(request, RestoreRequest)).treeHash),
};

/**
 * The runner's private face for web. Mounted by the runner; answers true when the path was its own. Whoever holds the
 * secret is web: who the user is and what they may do was decided there.
 */
export function serveWorkspaces(options: {
  workspaces: Workspaces;
  egress?: Egress;
  secret: string;
  log: Logger;
}) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const url = new URL(request.url ?? "/", "http://runner");
    if (!url.pathname.startsWith(PREFIX)) return false;
    try {
      const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
      if (!sameSecret(given, options.secret))
        throw new AppError("unauthenticated", "The secret is missing or wrong.");
      await answer(options, url, request, response);
    } catch (error) {
      sendProblem(response, toAppError(error), options.log);
    }
    return true;
  };
}

async function answer(
  { workspaces, egress }: { workspaces: Workspaces; egress?: Egress },
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const [userId = "", ...rest] = url.pathname
    .slice(PREFIX.length)
    .replace(/\/$/, "")
    .split("/")
    .map(decodeURIComponent);
  const agentId = rest[0] === "agents" ? (rest[1] ?? "") : "";
  const pattern = rest.map((part, index) => (index === 1 && rest[0] === "agents" ? "*" : part)).join("/");
  const name = `${request.method} ${pattern}`;
  const handler = Object.hasOwn(HANDLERS, name) ? HANDLERS[name] : undefined;
  if (!handler || userId === "") throw new AppError("not_found", "There is no such call.");
  const body = await handler({
    workspaces,
    egress,
    userId,
    agentId,
    query: url.searchParams,
    request,
    response,
  });
  if (response.headersSent) return;
  if (body === undefined) response.writeHead(204).end();
  else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function required(egress: Egress | undefined): Egress {
  if (egress) return egress;
  throw new AppError("unavailable", "This runner lets no workspace reach others.");
}

/** Aborts when the asker hangs up before the answer. */
function whenGone(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => gone.abort(new AppError("unavailable", "The asker went away.")));
  return gone.signal;
}

function sendProblem(response: ServerResponse, error: AppError, log: Logger): void {
  const { status, title, level } = ERROR_CODES[error.code];
  log[level]({ err: error, cause: error.cause }, "workspace call failed");
  if (response.headersSent) {
    // Half an answer must not look like a whole one.
    response.destroy();
    return;
  }
  const problem = {
    ...error.details,
    type: "about:blank",
    title,
    status,
    detail: error.message,
    code: error.code,
  };
  response.writeHead(status, { "content-type": "application/problem+json", connection: "close" });
  response.end(JSON.stringify(problem));
}

/** @throws AppError bad_request, too_large */
async function readBody<S extends z.ZodType>(request: IncomingMessage, schema: S): Promise<z.infer<S>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_MOST) throw new AppError("too_large", `The request is larger than ${BODY_MOST} bytes.`);
    chunks.push(chunk);
  }
  try {
    return schema.parse(JSON.parse(Buffer.concat(chunks).toString()));
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : "The request is not JSON.";
    throw new AppError("bad_request", message, { cause: error });
  }
}
