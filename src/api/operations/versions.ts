import { z } from "zod";
import { requireAgent } from "#agents/read-agents.ts";
import { ok, operation } from "#api/operation.ts";
import { Id, PageQuery } from "#api/schema/primitives.ts";
import { Version, VersionList } from "#api/schema/version.ts";
import { requestPublishing } from "#github/request-publishing.ts";
import { AppError } from "#platform/errors.ts";
import { restoreVersion as restoreVersionOf } from "#runs/restore-version.ts";
import { listVersions, readVersion } from "#snapshots/list-versions.ts";

const params = z.object({ id: Id });
const versionParams = z.object({ id: Id, n: z.coerce.number().int().min(1).max(2_147_483_647) });

export const findVersions = operation({
  id: "listVersions",
  method: "GET",
  path: "/agents/{id}/versions",
  scope: "api:read",
  tag: "Versions",
  summary: "Approved results, newest first",
  params,
  query: PageQuery,
  responses: { 200: { description: "A page of versions", schema: VersionList } },
  async handle({ parts, identity, params: { id }, query }) {
    return ok(await listVersions(parts.db, identity.userId, id, query));
  },
});

export const publishVersion = operation({
  id: "publishVersion",
  method: "POST",
  path: "/agents/{id}/versions/{n}/publish",
  scope: "api",
  tag: "Versions",
  summary: "Publish a version as a pull request; 409 names what is missing for that",
  params: versionParams,
  responses: { 202: { description: "The version", schema: Version } },
  async handle({ parts, identity: { userId }, params: { id, n } }) {
    await readVersion(parts.db, userId, id, n);
    const missing = await parts.github.credentials.missing();
    if (missing.length > 0) {
      throw new AppError(
        "conflict",
        `No repository is connected: the operator has not set ${missing.join(", ")}.`,
        { details: { missing: [...missing, "repository"] } },
      );
    }
    await requestPublishing(parts.db, { userId, agentId: id, number: n });
    return { status: 202, body: await readVersion(parts.db, userId, id, n) };
  },
});

export const restoreVersion = operation({
  id: "restoreVersion",
  method: "POST",
  path: "/agents/{id}/versions/{n}/restore",
  scope: "api",
  tag: "Versions",
  summary:
    "Go back to this version's files, by a new version where the newest has others; 409 while a run is on",
  params: versionParams,
  responses: { 200: { description: "The version that stands now", schema: Version } },
  async handle({ parts, identity: { userId }, params: { id, n } }) {
    await requireAgent(parts.db, userId, id);
    const version = { userId, agentId: id, number: n };
    return ok(
      await restoreVersionOf(parts.db, version, (treeHash) => parts.workspaces.restore(userId, id, treeHash)),
    );
  },
});
