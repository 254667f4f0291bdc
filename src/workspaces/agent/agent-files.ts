import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError } from "#platform/errors.ts";
import { checkPath } from "#workspaces/agent/check-path.ts";
import { look } from "#workspaces/agent/look.ts";
import type { Connection } from "#workspaces/connection.ts";
import { answered, type Call, readAll, readRefusal } from "#workspaces/link/link.ts";
import { FileList, readAnswer } from "#workspaces/link/wire.ts";
import { TUNABLES } from "#workspaces/tunables.ts";
import type { AgentDirectory, FileEntry } from "#workspaces/workspace.ts";

type Files = Pick<AgentDirectory, "list" | "read" | "write" | "remove" | "readStream" | "writeStream">;

const tooLarge = (most: number) => new AppError("too_large", `The file is larger than ${most} bytes.`);

/** The files of one agent, through the supervisor. */
export function agentFiles(connection: Connection, agentId: string): Files {
  const address = (what: string, query: URLSearchParams) => `/v1/agents/${agentId}/${what}?${query}`;
  const content = (path: string, more: Record<string, string> = {}) =>
    address("content", new URLSearchParams({ path: checkPath(path), ...more }));

  function upload(path: string, { mode = 0o644, size }: { mode?: number; size?: number }): Call {
    return {
      method: "PUT",
      path: content(path, { mode: mode & 0o111 ? "755" : "644" }),
      ...(size === undefined ? {} : { headers: { "x-carrel-size": String(size) } }),
    };
  }

  async function readStream(path: string): Promise<{ content: Readable; size: number }> {
    const call = { method: "GET", path: content(path) } as const;
    const stream = await (await connection.link()).open(call);
    stream.setTimeout(TUNABLES.transferMs, () => stream.close(8 /* CANCEL */));
    let size = 0;
    stream.once("response", (headers) => {
      size = Number(headers["x-carrel-size"]) || 0;
    });
    const status = await answered(stream);
    if (status !== 200) throw await readRefusal(stream, status);
    return { content: stream, size };
  }

  async function writeStream(path: string, from: Readable, options: { mode?: number; size?: number } = {}) {
    if ((options.size ?? 0) > TUNABLES.fileMost) throw tooLarge(TUNABLES.fileMost);
    const stream = await (await connection.link()).open(upload(path, options));
    const answer = readAll(stream, { timeoutMs: TUNABLES.uploadMs });
    const sent = pipeline(from, limitBytes(TUNABLES.fileMost), stream, { end: true }).catch(
      (error: unknown) => {
        stream.close(8 /* CANCEL */);
        return error;
      },
    );
    const [received, failure] = await Promise.allSettled([answer, sent]);
    const cause = failure.status === "fulfilled" ? failure.value : failure.reason;
    if (cause instanceof AppError) throw cause;
    if (received.status === "rejected") throw received.reason;
  }

  return {
    readStream,
    writeStream,
    async list(path = "", options = {}) {
      const query = new URLSearchParams({
        path: checkPath(path, { mayBeRoot: true }),
        recursive: options.recursive ? "1" : "0",
        limit: String(options.limit ?? TUNABLES.listMost),
      });
      for (const name of options.skip ?? []) query.append("skip", name);
      const call = { path: address("files", query), timeoutMs: TUNABLES.transferMs };
      const { files } = readAnswer(FileList, await look(connection, call));
      // Two names that are no text may look the same; only one of them can be asked for.
      return [...new Map(files.map((file) => [file.path, toEntry(file)])).values()];
    },
    async read(path, options = {}) {
      const maxBytes = options.maxBytes ?? TUNABLES.fileMost;
      return look(connection, { path: content(path), maxBytes, timeoutMs: TUNABLES.transferMs });
    },
    async write(path, data, options = {}) {
      const body = typeof data === "string" ? Buffer.from(data) : data;
      if (body.length > TUNABLES.fileMost) throw tooLarge(TUNABLES.fileMost);
      const call = upload(path, { ...options, size: body.length });
      await (await connection.link()).call({ ...call, body, timeoutMs: TUNABLES.transferMs });
    },
    async remove(path) {
      await (await connection.link()).call({
        method: "DELETE",
        path: content(path),
        timeoutMs: TUNABLES.transferMs,
      });
    },
  };
}

function toEntry({ modifiedMs, ...entry }: FileList["files"][number]): FileEntry {
  const permissions = entry.mode & 0o111 ? 0o755 : 0o644;
  const mode = entry.type === "file" ? 0o100000 | permissions : entry.mode;
  return { ...entry, mode, modifiedAt: new Date(modifiedMs).toISOString() };
}

function limitBytes(most: number) {
  return async function* (chunks: AsyncIterable<Buffer>) {
    let size = 0;
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > most) throw tooLarge(most);
      yield chunk;
    }
  };
}
