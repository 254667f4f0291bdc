import { newSecret, sha256 } from "#platform/crypto.ts";
import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

/** How long a person may take on GitHub's pages. Minutes. */
const STATE_MINUTES = 30;

/** Whose way it is: a state comes back in the session that it went out in, or not at all. */
export interface StateOf {
  userId: string;
  /** SHA-256 of the session's cookie */
  sessionHash: string;
  purpose: "manifest" | "connect";
}

/** A state for a way to GitHub and back: unguessable, good once, in this session, for this purpose. */
export async function issueState(db: Database, of: StateOf): Promise<string> {
  const state = newSecret();
  await db.pool.query(
    `WITH lapsed AS (DELETE FROM github_states WHERE expires_at < now())
     INSERT INTO github_states (hash, user_id, session_hash, purpose, expires_at)
     VALUES ($1, $2, $3, $4, now() + $5 * interval '1 minute')`,
    [sha256(state), of.userId, of.sessionHash, of.purpose, STATE_MINUTES],
  );
  return state;
}

/** Uses a state up. @throws AppError forbidden for one that is forged, used, late, or of another session */
export async function takeState(db: Database, state: string, of: StateOf): Promise<void> {
  const { rowCount } = await db.pool.query(
    `DELETE FROM github_states
      WHERE hash = $1 AND user_id = $2 AND session_hash = $3 AND purpose = $4 AND expires_at > now()`,
    [sha256(state), of.userId, of.sessionHash, of.purpose],
  );
  if (rowCount === 1) return;
  throw new AppError(
    "forbidden",
    "This way to GitHub and back was not begun here, or is over. Begin it again.",
    {
      details: { reason: "state" },
    },
  );
}
