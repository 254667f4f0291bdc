import { authorise, type Identity } from "#accounts/authorise.ts";
import type { ApiParts } from "#api/api-parts.ts";
import { requireOperator, requireSession } from "#api/handling/require-session.ts";
import { connectUser } from "#github/connect-user.ts";
import { convertManifest } from "#github/manifest.ts";
import { issueState, takeState } from "#github/states.ts";
import { ERROR_CODES, isAppError, toAppError } from "#platform/errors.ts";

/** The ways to GitHub and back that a browser goes: each begins with a state of its session and ends by using it up. */

/** GET /github/connect: to GitHub's page for installing the App; `?to=authorise`: where it is installed already. */
export const beginConnecting = inSession("/github", async (parts, identity, url) => {
  const { userId, credentialHash: sessionHash } = requireSession(identity);
  const { clientId } = await parts.github.requireCredentials();
  const state = await issueState(parts.db, { userId, sessionHash, purpose: "connect" });
  if (url.searchParams.get("to") === "authorise") {
    const query = new URLSearchParams({ client_id: clientId, redirect_uri: callbackUrl(parts), state });
    return `${parts.github.webUrl}/login/oauth/authorize?${query}`;
  }
  const slug = await parts.github.slug();
  return `${parts.github.webUrl}/apps/${encodeURIComponent(slug)}/installations/new?state=${state}`;
});

/** GET /github/callback: GitHub says who it is. Nothing in the address is believed. */
export const finishConnecting = inSession("/github", async (parts, identity, url) => {
  const { userId, credentialHash: sessionHash } = requireSession(identity);
  const given = (name: string) => url.searchParams.get(name);
  const state = given("state");
  // Begun on GitHub's pages, not here: then it begins here now. Nothing else of the address is used.
  if (state === null || state === "") return "/github/connect?to=authorise";
  await takeState(parts.db, state, { userId, sessionHash, purpose: "connect" });
  if (given("error") !== null) return "/github?problem=denied";
  if (given("setup_action") === "request") return "/github?problem=requested";
  const installationId = given("installation_id");
  await connectUser(parts.db, parts.github, {
    userId,
    code: given("code") ?? "",
    redirectUri: callbackUrl(parts),
    installationId: installationId === null ? null : Number(installationId),
  });
  return "/github";
});

/** GET /github/setup/callback: the App is made; its keys are fetched and sealed. */
export const finishSetup = inSession("/github/setup", async (parts, identity, url) => {
  requireOperator(identity);
  const { userId, credentialHash: sessionHash } = requireSession(identity);
  const state = url.searchParams.get("state") ?? "";
  await takeState(parts.db, state, { userId, sessionHash, purpose: "manifest" });
  const made = await convertManifest(parts.github, url.searchParams.get("code") ?? "", userId);
  await parts.github.credentials.keep(made);
  return "/github/setup";
});

function callbackUrl(parts: ApiParts): string {
  return new URL("/github/callback", parts.appUrl).href;
}

type Way = (parts: ApiParts, identity: Identity, url: URL) => Promise<string>;

/** A way's next address; whoever is not signed in goes to the sign-in, and what goes wrong is said on the page. */
function inSession(page: string, way: Way): (parts: ApiParts, request: Request) => Promise<Response> {
  return async (parts, request) => {
    try {
      const identity = await authorise(parts.db, parts.cookie, { cookie: request.headers.get("cookie") });
      await parts.rateLimits.user(identity.userId);
      return leadTo(await way(parts, identity, new URL(request.url)));
    } catch (error) {
      if (isAppError(error) && error.code === "unauthenticated") return leadTo("/sign-in");
      const known = toAppError(error);
      const { reason } = known.details;
      parts.log[ERROR_CODES[known.code].level]({ err: known.cause, code: known.code, reason }, known.message);
      return leadTo(`${page}?problem=${typeof reason === "string" ? reason : known.code}`);
    }
  };
}

function leadTo(location: string): Response {
  return new Response(null, { status: 303, headers: { location, "cache-control": "no-store" } });
}
