import { knownZone } from "#accounts/known-zone.ts";
import { readSessionCookie, type SessionCookie } from "#accounts/session-cookie.ts";
import { type Scope, TOKEN_PREFIX } from "#accounts/tokens.ts";
import { sha256 } from "#platform/crypto.ts";
import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

/**
 * Who asks, and with what right. The only place where a credential becomes a user: pages, REST, sockets and streams
 * all come here.
 */
export interface Identity {
  readonly userId: string;
  readonly role: "member" | "operator";
  readonly via: "session" | "token";
  /** a session may do all of these */
  readonly scopes: readonly Scope[];
  /** SHA-256 of the credential, by which it is asked again whether it still holds */
  readonly credentialHash: string;
  readonly user: {
    readonly email: string;
    readonly name: string | null;
    readonly tier: string;
    readonly locale: "en" | "ko" | "ja" | null;
    readonly timeZone: string | null;
  };
}

export interface Credentials {
  authorization?: string | null;
  cookie?: string | null;
}

interface Row {
  id: string;
  role: Identity["role"];
  status: string;
  email: string;
  name: string | null;
  tier: string;
  locale: Identity["user"]["locale"];
  time_zone: string | null;
  scopes: Scope[];
}

const USER = "u.id, u.role, u.status, u.email, u.name, u.tier, u.locale, u.time_zone";

const BY_SESSION = `
SELECT ${USER}, '{api,api:read,models}'::text[] AS scopes
  FROM sessions s JOIN users u ON u.id = s.user_id
 WHERE s.session_token = $1 AND s.expires > now()`;

// The use is noted once a minute at most: one round trip, and most often no write.
const BY_TOKEN = `
WITH token AS (
  SELECT id, user_id, scopes, last_used_at FROM api_tokens
   WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
), noted AS (
  UPDATE api_tokens SET last_used_at = now()
   WHERE id = (SELECT id FROM token WHERE last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
)
SELECT ${USER}, token.scopes FROM token JOIN users u ON u.id = token.user_id`;

/**
 * A Bearer token, where one is given, else the session cookie.
 * @throws AppError unauthenticated, or forbidden when the account is suspended
 */
export async function authorise(db: Database, cookie: SessionCookie, given: Credentials): Promise<Identity> {
  const bearer = readBearer(given.authorization);
  const secret = bearer ?? readSessionCookie(cookie, given.cookie);
  if (!secret) throw new AppError("unauthenticated", "Sign in, or send a personal token as Bearer.");
  const via = bearer === null ? "session" : "token";
  const credentialHash = sha256(secret);
  const query =
    via === "token" ? { name: "by-token", text: BY_TOKEN } : { name: "by-session", text: BY_SESSION };
  const { rows } = await db.pool.query<Row>({ ...query, values: [credentialHash] });
  const row = rows[0];
  if (!row) throw new AppError("unauthenticated", unknown(via));
  if (row.status !== "active")
    throw new AppError("forbidden", "This account is suspended. Ask the operator.");
  const { id, role, scopes, email, name, tier, locale, time_zone } = row;
  return {
    userId: id,
    role,
    via,
    scopes,
    credentialHash,
    user: { email, name, tier, locale, timeZone: knownZone(time_zone) },
  };
}

/** @throws AppError forbidden */
export function requireScope(identity: Identity, scope: Scope): void {
  const has = identity.scopes.includes(scope) || (scope === "api:read" && identity.scopes.includes("api"));
  if (!has) throw new AppError("forbidden", `This token lacks the scope "${scope}".`);
}

function readBearer(header: string | null | undefined): string | null {
  if (!header) return null;
  const token = /^Bearer +(\S+)$/i.exec(header)?.[1];
  // A header that is there but is no token of ours must not fall back to the cookie: the caller meant the header.
  if (!token?.startsWith(TOKEN_PREFIX)) throw new AppError("unauthenticated", "The token is not known.");
  return token;
}

function unknown(via: Identity["via"]): string {
  return via === "token"
    ? "The token is not known, revoked or expired."
    : "The session has ended. Sign in again.";
}
