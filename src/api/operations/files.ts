import { z } from "zod";
import { requireAgent } from "#agents/read-agents.ts";
import { limited } from "#api/handling/read-body.ts";
import { ok, operation } from "#api/operation.ts";
import { Id, RelativePath } from "#api/schema/primitives.ts";
import { EXEC_TIMEOUT_MS, FileList, Snippet, SnippetResult } from "#api/schema/workspace.ts";
import { AppError } from "#platform/errors.ts";
import { SKIPPED_NAMES } from "#snapshots/tree.ts";

const params = z.object({ id: Id });
const fileQuery = z.strictObject({ path: RelativePath });

/** Bytes of a file that may be put. */
const FILE_BYTES = 100 * 1024 * 1024;

const DEFAULT_EXEC_MS = 60_000;

export const findFiles = operation({
  id: "listFiles",
  method: "GET",
  path: "/agents/{id}/files",
  scope: "api:read",
  tag: "Files",
  summary: "The entries of a directory, the agent's own when no path is given",
  params,
  query: z.strictObject({
    path: z.union([z.literal(""), RelativePath]).optional(),
    recursive: z
      .enum(["true", "false"])
      .default("false")
      .meta({ description: "All below it too, but for what tools install (node_modules and the like)." }),
  }),
  responses: { 200: { description: "The entries, sorted by path", schema: FileList } },
  async handle({ parts, identity, params: { id }, query }) {
    await requireAgent(parts.db, identity.userId, id);
    const more = query.recursive === "true" ? { recursive: true, skip: SKIPPED_NAMES } : {};
    const files = await parts.workspaces.listFiles(identity.userId, id, query.path ?? "", more);
    return ok({ files });
  },
});

export const readFile = operation({
  id: "readFile",
  method: "GET",
  path: "/agents/{id}/files/content",
  scope: "api:read",
  tag: "Files",
  summary: "A file's bytes",
  params,
  query: fileQuery,
  responses: { 200: { description: "The bytes", content: ["application/octet-stream"] } },
  async handle({ parts, identity, params: { id }, query, request }) {
    await requireAgent(parts.db, identity.userId, id);
    const file = await parts.workspaces.readFile(identity.userId, id, query.path, request.signal);
    return new Response(file.body, {
      headers: {
        // With the policy of all these addresses (a sandbox): no page, whatever it holds.
        "content-type": "application/octet-stream",
        "content-disposition": "attachment",
        "cache-control": "no-store, no-transform",
        ...(file.size !== null && { "content-length": String(file.size) }),
      },
    });
  },
});

export const writeFile = operation({
  id: "writeFile",
  method: "PUT",
  path: "/agents/{id}/files/content",
  scope: "api",
  tag: "Files",
  summary: "Write a file whole, at most 100 MiB; directories on the way are made",
  params,
  query: fileQuery,
  takesBytes: true,
  responses: { 204: { description: "Written" } },
  async handle({ parts, identity, params: { id }, query, request }) {
    await requireAgent(parts.db, identity.userId, id);
    if (Number(request.headers.get("content-length") ?? 0) > FILE_BYTES) {
      throw new AppError("too_large", `A file holds at most ${FILE_BYTES} bytes.`);
    }
    const body = limited(request.body ?? new Blob().stream(), FILE_BYTES);
    await parts.workspaces.writeFile(identity.userId, id, query.path, body, request.signal);
    return { status: 204 };
  },
});

export const removeFile = operation({
  id: "deleteFile",
  method: "DELETE",
  path: "/agents/{id}/files/content",
  scope: "api",
  tag: "Files",
  summary: "Remove a file, or a directory with all below it",
  params,
  query: fileQuery,
  responses: { 204: { description: "Removed" } },
  async handle({ parts, identity, params: { id }, query }) {
    await requireAgent(parts.db, identity.userId, id);
    await parts.workspaces.removeFile(identity.userId, id, query.path);
    return { status: 204 };
  },
});

export const execute = operation({
  id: "exec",
  method: "POST",
  path: "/agents/{id}/exec",
  scope: "api",
  tag: "Files",
  summary: "Run a snippet in the agent's directory; at most 3 at once per user",
  params,
  body: Snippet,
  responses: { 200: { description: "How it ended and what it said", schema: SnippetResult } },
  async handle({ parts, identity, params: { id }, body, request }) {
    await requireAgent(parts.db, identity.userId, id);
    const timeoutMs = Math.min(body.timeoutMs ?? DEFAULT_EXEC_MS, EXEC_TIMEOUT_MS);
    const snippet = { language: body.language, code: body.code, timeoutMs };
    return ok(await parts.workspaces.exec(identity.userId, id, snippet, request.signal));
  },
});
