import { SESSION_SECONDS } from "#accounts/session-cookie.ts";
import { newSecret, sha256 } from "#platform/crypto.ts";
import type { Database } from "#platform/db.ts";
import { newId } from "#platform/ids.ts";

/** Opens a session and gives the cookie's value; the database keeps only its SHA-256. */
export async function createSession(
  db: Database,
  given: { userId: string; userAgent?: string | null },
): Promise<{ token: string; expires: Date }> {
  const token = newSecret();
  const expires = new Date(Date.now() + SESSION_SECONDS * 1000);
  await db.pool.query(
    "INSERT INTO sessions (id, session_token, user_id, expires, user_agent) VALUES ($1, $2, $3, $4, $5)",
    [newId(), sha256(token), given.userId, expires, given.userAgent?.slice(0, 400) ?? null],
  );
  return { token, expires };
}
