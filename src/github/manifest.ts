import { z } from "zod";
import type { GitHub } from "#github/app.ts";
import type { MadeApp } from "#github/credentials.ts";
import { SUBSCRIBED_EVENTS } from "#github/subscribed-events.ts";
import { gitHubStatus, tellFailure } from "#github/tell-failure.ts";
import { newSecret } from "#platform/crypto.ts";
import { AppError } from "#platform/errors.ts";

/** The least that versions and their pull requests take; checks are only read. */
const PERMISSIONS = { contents: "write", pull_requests: "write", checks: "read", metadata: "read" } as const;

/** GitHub's limit of an App's name. */
const NAME_MOST = 34;

/** From what GitHub makes an App in one click. */
export function manifestOf(appUrl: URL, name?: string): object {
  const at = (path: string) => new URL(path, appUrl).href;
  return {
    name: (name ?? `Carrel ${appUrl.hostname}`).slice(0, NAME_MOST),
    url: appUrl.origin,
    redirect_url: at("/github/setup/callback"),
    callback_urls: [at("/github/callback")],
    // A user's own word, in the same round trip, that the installation is theirs.
    request_oauth_on_install: true,
    setup_on_update: true,
    public: true,
    default_permissions: PERMISSIONS,
    ...(canBeReached(appUrl) && {
      hook_attributes: { url: at("/api/webhooks/github"), active: true },
      default_events: SUBSCRIBED_EVENTS,
    }),
  };
}

/** Whether GitHub can send events here: it refuses the address of a machine that is on no network. */
export function canBeReached(appUrl: URL): boolean {
  return !["localhost", "127.0.0.1", "[::1]"].includes(appUrl.hostname);
}

/** Where the manifest is posted to: the operator's own account, or an organisation's. */
export function manifestTarget(webUrl: string, state: string, organisation: string | null): string {
  const path =
    organisation === null ? "/settings/apps/new" : `/organizations/${organisation}/settings/apps/new`;
  return `${webUrl}${path}?state=${encodeURIComponent(state)}`;
}

const Converted = z.object({
  id: z.number(),
  slug: z.string().default(""),
  name: z.string(),
  html_url: z.string(),
  client_id: z.string(),
  client_secret: z.string(),
  /** null: no events were asked for */
  webhook_secret: z.string().nullable(),
  pem: z.string(),
  owner: z.looseObject({
    login: z.string().optional(),
    slug: z.string().optional(),
    type: z.string().optional(),
  }),
});

/** Fetches the App that was just made, with its keys; the code is good once. @throws AppError bad_request, upstream_failed */
export async function convertManifest(github: GitHub, code: string, madeBy: string): Promise<MadeApp> {
  const request = github.asNobody().request("POST /app-manifests/{code}/conversions", { code });
  const { data } = await request.catch((error: unknown) => {
    const status = gitHubStatus(error);
    if (status !== 404 && status !== 422) throw tellFailure(error, "fetching the App's keys");
    throw new AppError("bad_request", "GitHub does not know this code any more. Make the App again.", {
      cause: error,
      details: { reason: "code" },
    });
  });
  const app = Converted.parse(data);
  return {
    appId: app.id,
    slug: app.slug,
    name: app.name,
    owner: app.owner.login ?? app.owner.slug ?? "",
    ownerType: app.owner.type === "Organization" ? "Organization" : "User",
    htmlUrl: app.html_url,
    clientId: app.client_id,
    clientSecret: app.client_secret,
    // Without a secret of GitHub's, one that nobody knows: what claims to be an event is refused.
    webhookSecret: app.webhook_secret ?? newSecret(),
    privateKey: app.pem,
    madeBy,
  };
}
