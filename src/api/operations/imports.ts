import { z } from "zod";
import { requireAgent } from "#agents/read-agents.ts";
import { readKey } from "#api/handling/idempotency.ts";
import { limited } from "#api/handling/read-body.ts";
import { ok, operation } from "#api/operation.ts";
import { CodeImport, NewCodeImport, NewUpload } from "#api/schema/code-import.ts";
import { Id } from "#api/schema/primitives.ts";
import { requestImport } from "#github/import-repository.ts";
import { readImport } from "#imports/read-import.ts";
import { requestUpload } from "#imports/request-upload.ts";
import { UPLOAD_LIMITS } from "#imports/tunables.ts";
import { AppError } from "#platform/errors.ts";

const tag = "Connections";
const params = z.object({ id: Id });

export const findImport = operation({
  id: "readImport",
  method: "GET",
  path: "/agents/{id}/import",
  scope: "api:read",
  tag,
  summary: "How far existing code is on its way into the agent; null where it never was",
  params,
  responses: { 200: { description: "The import", schema: CodeImport } },
  async handle({ parts, identity, params: { id } }) {
    await requireAgent(parts.db, identity.userId, id);
    return ok({ import: await readImport(parts.db, identity.userId, id) });
  },
});

export const beginImport = operation({
  id: "beginImport",
  method: "POST",
  path: "/agents/{id}/import",
  scope: "api",
  tag,
  summary: "Start an agent from a branch of the connected repository; 409 when it has worked already",
  params,
  body: NewCodeImport,
  responses: { 202: { description: "The import", schema: CodeImport } },
  async handle({ parts, identity, params: { id }, body }) {
    await requireAgent(parts.db, identity.userId, id);
    await requestImport(parts.db, { userId: identity.userId, agentId: id, branch: body.branch ?? null });
    return { status: 202, body: { import: await readImport(parts.db, identity.userId, id) } };
  },
});

export const uploadCode = operation({
  id: "uploadCode",
  method: "POST",
  path: "/agents/{id}/import/upload",
  scope: "api",
  tag,
  summary:
    "Start an agent from an archive (.zip, .tar, .tar.gz) or a git bundle, at most 100 MiB; 409 when it has worked already",
  params,
  query: NewUpload,
  takesBytes: true,
  idempotent: true,
  responses: { 202: { description: "The import, which unpacks what came", schema: CodeImport } },
  async handle({ parts, identity, params: { id }, query, request }) {
    const { userId } = identity;
    await requireAgent(parts.db, userId, id);
    const { uploadBytes } = UPLOAD_LIMITS;
    if (Number(request.headers.get("content-length") ?? 0) > uploadBytes)
      throw new AppError("too_large", `An upload holds at most ${uploadBytes} bytes.`);
    const upload = {
      userId,
      agentId: id,
      fileName: query.name,
      branch: query.branch ?? null,
      key: readKey(request),
    };
    const body = limited(request.body ?? new Blob().stream(), uploadBytes);
    await requestUpload(parts, upload, body, request.signal);
    return { status: 202, body: { import: await readImport(parts.db, userId, id) } };
  },
});
