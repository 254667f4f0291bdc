import type { JWK } from "jose";
import type { LiveAccess } from "#accounts/live-access.ts";
import type { RateLimits } from "#accounts/rate-limits.ts";
import type { SessionCookie } from "#accounts/session-cookie.ts";
import type { Models } from "#api/models.ts";
import type { GitHub } from "#github/app.ts";
import type { Database } from "#platform/db.ts";
import type { Logger } from "#platform/log.ts";
import type { EventHub } from "#realtime/event-hub.ts";
import type { WorkspaceFeed } from "#realtime/workspace-feed.ts";
import type { RemoteWorkspaces } from "#workspaces/remote.ts";

/** What the operations work with. */
export interface ApiParts {
  readonly db: Database;
  readonly mode: "embedded" | "production";
  readonly appUrl: URL;
  readonly cookie: SessionCookie;
  readonly rateLimits: RateLimits;
  readonly access: LiveAccess;
  readonly hub: EventHub;
  readonly workspaceFeed: WorkspaceFeed;
  readonly workspaces: RemoteWorkspaces;
  readonly models: Models;
  /** @throws AppError unavailable */
  readonly sealingKey: () => Promise<JWK>;
  /** variables that are not set, by what they would connect to */
  readonly missing: { readonly billing: string[] };
  readonly github: GitHub;
  readonly log: Logger;
}
