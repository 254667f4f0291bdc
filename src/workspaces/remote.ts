import { Readable } from "node:stream";
import { type Dispatcher, request } from "undici";
import { z } from "zod";
import type { Database } from "#platform/db.ts";
import { AppError, ERROR_CODES, type ErrorCode, isAppError } from "#platform/errors.ts";
import { type ChosenEgress, EgressPolicy } from "#workspaces/egress-policy.ts";
import { readWorkspace } from "#workspaces/read-workspace.ts";
import type { Snippet, SnippetResult } from "#workspaces/run-snippet.ts";
import { findRunnerFor } from "#workspaces/runner-registry.ts";
import { TUNABLES } from "#workspaces/tunables.ts";
import type { FileEntry } from "#workspaces/workspace.ts";
import type { WorkspaceInfo } from "#workspaces/workspace-info.ts";

const Problem = z.looseObject({ code: z.string(), detail: z.string() });

interface Call {
  method: "GET" | "PUT" | "POST" | "DELETE";
  /** after /v1/workspaces/<user>/ */
  path: string;
  query?: Record<string, string | string[]>;
  json?: unknown;
  body?: Readable;
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
}

/** The user's workspace as web reaches it: through whichever runner owns it now. */
export type RemoteWorkspaces = ReturnType<typeof createRemoteWorkspaces>;

export function createRemoteWorkspaces(options: { db: Database; secret: string }) {
  const send = (userId: string, call: Call) => sendToOwner(options, userId, call);
  const json = async (userId: string, call: Call) => (await send(userId, call)).body.json();
  const done = async (userId: string, call: Call) => void (await (await send(userId, call)).body.dump());
  const agent = (agentId: string, rest = "") => `agents/${encodeURIComponent(agentId)}${rest}`;

  return {
    /** As its row says, which is brought up to date where it is not. @throws AppError unavailable: no runner is up */
    async read(userId: string): Promise<WorkspaceInfo> {
      const info = await readWorkspace(options.db.pool, userId);
      const fresh = info.gauges && Date.now() - Date.parse(info.gauges.at) < TUNABLES.figuresFreshMs;
      if (info.driver === null || (info.state === "running" && !fresh)) {
        await done(userId, { method: "POST", path: "look" });
        return readWorkspace(options.db.pool, userId);
      }
      return info;
    },
    start: (userId: string) =>
      done(userId, { method: "POST", path: "start", timeoutMs: TUNABLES.queueMs + 2 * TUNABLES.startMs }),
    stop: (userId: string) => done(userId, { method: "POST", path: "stop" }),
    restart: (userId: string) =>
      done(userId, { method: "POST", path: "restart", timeoutMs: TUNABLES.queueMs + 2 * TUNABLES.startMs }),
    destroy: (userId: string) => done(userId, { method: "DELETE", path: "", timeoutMs: TUNABLES.transferMs }),

    async readEgress(userId: string): Promise<EgressPolicy> {
      return EgressPolicy.parse(await json(userId, { method: "GET", path: "egress" }));
    },
    /** @throws AppError bad_request, forbidden for a host that the operator does not leave to users */
    async chooseEgress(userId: string, chosen: ChosenEgress): Promise<EgressPolicy> {
      return EgressPolicy.parse(await json(userId, { method: "PUT", path: "egress", json: chosen }));
    },

    /** @throws AppError not_found, bad_request */
    async listFiles(
      userId: string,
      agentId: string,
      path: string,
      more: { recursive?: boolean; skip?: string[] } = {},
    ): Promise<FileEntry[]> {
      const query = { path, recursive: more.recursive ? "1" : "0", skip: more.skip ?? [] };
      const answer = await json(userId, { method: "GET", path: agent(agentId, "/files"), query });
      return (answer as { files: FileEntry[] }).files;
    },
    /** `size` in bytes as the workspace tells it. @throws AppError not_found, bad_request */
    async readFile(userId: string, agentId: string, path: string, signal?: AbortSignal) {
      const call = {
        method: "GET",
        path: agent(agentId, "/files/content"),
        query: { path },
        signal,
      } as const;
      const { body, headers } = await send(userId, call);
      const size = Number(headers["x-carrel-size"]);
      return {
        body: Readable.toWeb(body) as ReadableStream<Uint8Array>,
        size: Number.isSafeInteger(size) ? size : null,
      };
    },
    /** Whole or not at all. @throws AppError bad_request, too_large, limit_reached when the disk is full */
    writeFile: (
      userId: string,
      agentId: string,
      path: string,
      body: AsyncIterable<Uint8Array>,
      signal?: AbortSignal,
    ) =>
      done(userId, {
        method: "PUT",
        path: agent(agentId, "/files/content"),
        query: { path },
        body: Readable.from(body, { objectMode: false }),
        signal,
        timeoutMs: TUNABLES.uploadMs,
      }),
    removeFile: (userId: string, agentId: string, path: string) =>
      done(userId, { method: "DELETE", path: agent(agentId, "/files/content"), query: { path } }),

    /** @throws AppError rate_limited beyond three at once, bad_request for a language that is not there */
    async exec(
      userId: string,
      agentId: string,
      snippet: Snippet,
      signal?: AbortSignal,
    ): Promise<SnippetResult> {
      const timeoutMs =
        (snippet.timeoutMs ?? TUNABLES.snippetMs) +
        TUNABLES.queueMs +
        TUNABLES.startMs +
        2 * TUNABLES.graceMs;
      const call = {
        method: "POST",
        path: agent(agentId, "/exec"),
        json: snippet,
        timeoutMs,
        signal,
      } as const;
      return (await json(userId, call)) as SnippetResult;
    },
    /** The agent's directory. Nothing happens when the user has no workspace. */
    removeAgent: (userId: string, agentId: string) =>
      done(userId, { method: "DELETE", path: agent(agentId), timeoutMs: TUNABLES.transferMs }),
    restore: (userId: string, agentId: string, treeHash: string) =>
      done(userId, {
        method: "POST",
        path: agent(agentId, "/restore"),
        json: { treeHash },
        timeoutMs: 2 * TUNABLES.transferMs,
      }),
  };
}

/** Sends a call to the owner; when the workspace moved meanwhile, again to the new one, three times at most. */
async function sendToOwner(
  { db, secret }: { db: Database; secret: string },
  userId: string,
  call: Call,
): Promise<Dispatcher.ResponseData> {
  for (let attempt = 1; ; attempt++) {
    const address = await findRunnerFor(db.pool, userId);
    if (address === null) throw new AppError("unavailable", "No runner is up. Try again in a few seconds.");
    try {
      return await sendOnce(address, secret, userId, call);
    } catch (error) {
      // A stream is read once: what was half sent cannot be sent again.
      if (attempt === 3 || !isMoved(error) || call.body !== undefined) throw error;
    }
  }
}

function isMoved(error: unknown): boolean {
  return isAppError(error) && error.details.moved === true;
}

async function sendOnce(address: string, secret: string, userId: string, call: Call) {
  const url = new URL(`/v1/workspaces/${encodeURIComponent(userId)}/${call.path}`, address);
  for (const [name, value] of Object.entries(call.query ?? {})) {
    for (const each of [value].flat()) url.searchParams.append(name, each);
  }
  const timeout = call.timeoutMs ?? TUNABLES.transferMs;
  const sent = await request(url, {
    method: call.method,
    headers: {
      authorization: `Bearer ${secret}`,
      ...(call.json === undefined ? {} : { "content-type": "application/json" }),
    },
    body: call.json === undefined ? (call.body ?? null) : JSON.stringify(call.json),
    headersTimeout: timeout,
    bodyTimeout: TUNABLES.transferMs,
    signal: call.signal ?? null,
  }).catch((cause: unknown) => {
    // What broke may be the body that was being sent (too large, say), not the runner.
    if (call.signal?.aborted || cause instanceof AppError) throw cause;
    throw new AppError(
      "unavailable",
      "The runner of this workspace does not answer. Try again in a few seconds.",
      {
        cause,
      },
    );
  });
  if (sent.statusCode < 400) return sent;
  throw await toError(sent);
}

async function toError({ statusCode, body }: Dispatcher.ResponseData): Promise<AppError> {
  const problem = Problem.safeParse(await body.json().catch(() => null));
  if (!problem.success || !Object.hasOwn(ERROR_CODES, problem.data.code)) {
    return new AppError("upstream_failed", `The runner answered ${statusCode} without a reason.`);
  }
  const { code, detail, type: _type, title: _title, status: _status, ...details } = problem.data;
  return new AppError(code as ErrorCode, detail, { details });
}
