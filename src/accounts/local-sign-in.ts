import { createSession } from "#accounts/sessions.ts";
import { findOrCreateUser } from "#accounts/users.ts";
import { newSecret, sha256 } from "#platform/crypto.ts";
import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

/** The one person of an embedded installation. */
export const LOCAL_USER = "local@localhost";
const IDENTIFIER = "local";

/** A code that signs the local user in once, within a day. Printed by start and by `carrel sign-in`. */
export async function createSignInCode(db: Database): Promise<string> {
  const code = newSecret();
  await db.pool.query(
    "INSERT INTO verification_tokens (identifier, token, expires) VALUES ($1, $2, now() + interval '1 day')",
    [IDENTIFIER, sha256(code)],
  );
  return code;
}

/**
 * Takes the code and opens a session. The DELETE decides: of several at once, one gets in.
 * @throws AppError unauthenticated when the code is wrong, used or too old
 */
export async function signInLocally(
  db: Database,
  code: string,
  userAgent: string | null,
): Promise<{ token: string; expires: Date }> {
  const { rowCount } = await db.pool.query(
    "DELETE FROM verification_tokens WHERE identifier = $1 AND token = $2 AND expires > now()",
    [IDENTIFIER, sha256(code)],
  );
  if (rowCount === 0) throw new AppError("unauthenticated", "This sign-in code is wrong, used or too old.");
  const user = await findOrCreateUser(db, { email: LOCAL_USER, role: "operator", emailVerified: new Date() });
  return createSession(db, { userId: user.id, userAgent });
}
