import { requireOperator, requireSession } from "#api/handling/require-session.ts";
import { ok, operation } from "#api/operation.ts";
import {
  GitHub,
  GitHubApp,
  GitHubAppForm,
  GitHubOffers,
  NewGitHubApp,
  RepositoryChoice,
} from "#api/schema/github.ts";
import { PageQuery } from "#api/schema/primitives.ts";
import { chooseRepository } from "#github/choose-repository.ts";
import { disconnectUser } from "#github/disconnect-user.ts";
import { listOffers } from "#github/list-offers.ts";
import { manifestOf, manifestTarget } from "#github/manifest.ts";
import { readApp } from "#github/read-app.ts";
import { readConnection } from "#github/read-connection.ts";
import { refreshUser } from "#github/refresh-user.ts";
import { issueState } from "#github/states.ts";

const tag = "Connections";
const answer = { 200: { description: "The connection", schema: GitHub } };

export const findGitHub = operation({
  id: "readGitHub",
  method: "GET",
  path: "/github",
  scope: "api:read",
  tag,
  summary: "The connection to GitHub, and what it lacks",
  responses: answer,
  async handle({ parts, identity }) {
    return ok(await readConnection(parts.db, parts.github, identity.userId));
  },
});

export const refreshGitHub = operation({
  id: "refreshGitHub",
  method: "POST",
  path: "/github/refresh",
  scope: "api",
  tag,
  summary: "Ask GitHub again: what was made or changed there a moment ago is found",
  responses: answer,
  async handle({ parts, identity }) {
    await refreshUser(parts.db, parts.github, identity.userId);
    return ok(await readConnection(parts.db, parts.github, identity.userId));
  },
});

export const disconnectGitHub = operation({
  id: "disconnectGitHub",
  method: "DELETE",
  path: "/github",
  scope: "api",
  tag,
  summary: "Forget your GitHub account and the chosen repository; on GitHub nothing changes",
  responses: { 204: { description: "Forgotten" } },
  async handle({ parts, identity }) {
    await disconnectUser(parts.db, identity.userId);
    return { status: 204 };
  },
});

export const findGitHubRepositories = operation({
  id: "listGitHubRepositories",
  method: "GET",
  path: "/github/repositories",
  scope: "api:read",
  tag,
  summary: "The repositories that can be chosen, by name",
  query: PageQuery,
  responses: { 200: { description: "A page of repositories", schema: GitHubOffers } },
  async handle({ parts, identity, query }) {
    return ok(await listOffers(parts.db, identity.userId, query));
  },
});

export const setGitHubRepository = operation({
  id: "chooseGitHubRepository",
  method: "PUT",
  path: "/github/repository",
  scope: "api",
  tag,
  summary: "Choose the repository that versions are published to; an empty one gets its first commit",
  body: RepositoryChoice,
  responses: answer,
  async handle({ parts, identity, body }) {
    await chooseRepository(parts.db, parts.github, { userId: identity.userId, ...body });
    return ok(await readConnection(parts.db, parts.github, identity.userId));
  },
});

export const findGitHubApp = operation({
  id: "readGitHubApp",
  method: "GET",
  path: "/github/app",
  scope: "api:read",
  tag,
  summary: "How the installation's App stands; operators only",
  responses: { 200: { description: "The App", schema: GitHubApp } },
  async handle({ parts, identity }) {
    requireOperator(identity);
    return ok(await readApp(parts.db, parts.github, parts.appUrl));
  },
});

export const makeGitHubApp = operation({
  id: "makeGitHubApp",
  method: "POST",
  path: "/github/app",
  scope: "api",
  tag,
  summary: "Begin to make the installation's App on GitHub; operators only, from a browser's session",
  body: NewGitHubApp,
  responses: { 200: { description: "The form that the browser posts to GitHub", schema: GitHubAppForm } },
  async handle({ parts, identity, body }) {
    requireOperator(identity);
    const { userId, credentialHash } = requireSession(identity);
    await parts.github.credentials.requireUnset();
    const state = await issueState(parts.db, { userId, sessionHash: credentialHash, purpose: "manifest" });
    return ok({
      action: manifestTarget(parts.github.webUrl, state, body.organisation ?? null),
      manifest: JSON.stringify(manifestOf(parts.appUrl, body.name)),
    } satisfies GitHubAppForm);
  },
});
