import { z } from "zod";
import { requireAgent } from "#agents/read-agents.ts";
import { ok, operation } from "#api/operation.ts";
import { Id, PageQuery } from "#api/schema/primitives.ts";
import { Version, VersionList } from "#api/schema/version.ts";
import { AppError } from "#platform/errors.ts";
import { requireIdleAgent } from "#runs/require-idle-agent.ts";
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
  async handle({ parts, identity, params: { id, n } }) {
    await readVersion(parts.db, identity.userId, id, n);
    const missing = parts.missing.github;
    throw new AppError(
      "conflict",
      missing.length > 0
        ? `No repository is connected: the operator has not set ${missing.join(", ")}.`
        : "No repository is connected.",
      { details: { missing: [...missing, "repository"] } },
    );
  },
});

export const restoreVersion = operation({
  id: "restoreVersion",
  method: "POST",
  path: "/agents/{id}/versions/{n}/restore",
  scope: "api",
  tag: "Versions",
  summary: "Make the agent's directory hold exactly this version; 409 while a run is on",
  params: versionParams,
  responses: { 200: { description: "The version", schema: Version } },
  async handle({ parts, identity, params: { id, n } }) {
    await requireAgent(parts.db, identity.userId, id);
    const version = await readVersion(parts.db, identity.userId, id, n);
    await requireIdleAgent(parts.db, identity.userId, id);
    await parts.workspaces.restore(identity.userId, id, version.treeHash);
    return ok(version);
  },
});
