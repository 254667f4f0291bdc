import { z } from "zod";
import type { GitHub } from "#github/app.ts";
import type { AppCredentials } from "#github/credentials.ts";
import type { GitHubClient } from "#github/octokit.ts";
import { gitHubStatus, tellFailure } from "#github/tell-failure.ts";
import { AppError } from "#platform/errors.ts";

const Exchanged = z.union([
  z.looseObject({ access_token: z.string() }),
  z.looseObject({ error: z.string(), error_description: z.string().optional() }),
]);

/**
 * Gives `work` a client that speaks as the person who pressed Authorize. The token is revoked at the end and kept
 * nowhere: what has to be known of the person is asked now.
 * @throws AppError bad_request for a code that is used, late or forged
 */
export async function asAuthorisedUser<T>(
  github: GitHub,
  given: { code: string; redirectUri: string },
  work: (client: GitHubClient) => Promise<T>,
): Promise<T> {
  const credentials = await github.requireCredentials();
  const token = await exchangeCode(github, credentials, given);
  try {
    return await work(github.asUser(token));
  } finally {
    await revoke(github, credentials, token);
  }
}

async function exchangeCode(
  github: GitHub,
  { clientId, clientSecret }: AppCredentials,
  { code, redirectUri }: { code: string; redirectUri: string },
): Promise<string> {
  const answer = await fetch(`${github.webUrl}/login/oauth/access_token`, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify({
      client_id: clientId,
      client_secret: clientSecret,
      code,
      redirect_uri: redirectUri,
    }),
    signal: AbortSignal.timeout(20_000),
  })
    .then((response) => response.json())
    .catch((error: unknown) => {
      throw tellFailure(error, "asking who you are");
    });
  const exchanged = Exchanged.parse(answer);
  if ("access_token" in exchanged && typeof exchanged.access_token === "string")
    return exchanged.access_token;
  const isOurs = exchanged.error === "incorrect_client_credentials";
  throw new AppError(
    isOurs ? "unavailable" : "bad_request",
    isOurs
      ? "GitHub does not accept the App's client secret. The operator must renew it."
      : "GitHub does not accept this code any more. Begin again.",
    { details: { reason: isOurs ? "client" : "code" } },
  );
}

// It ends by itself within hours; that it could not be ended now changes nothing for the person.
async function revoke(
  github: GitHub,
  { clientId, clientSecret }: AppCredentials,
  token: string,
): Promise<void> {
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
  await github
    .asNobody()
    .request("DELETE /applications/{client_id}/token", {
      client_id: clientId,
      access_token: token,
      headers: { authorization: `basic ${basic}` },
    })
    // The error itself holds the request, and in its body the token that still lives.
    .catch((error: unknown) =>
      github.log.warn({ status: gitHubStatus(error) }, "could not revoke a user's token"),
    );
}
