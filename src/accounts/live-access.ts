import type { Identity } from "#accounts/authorise.ts";
import type { Database } from "#platform/db.ts";
import type { Logger } from "#platform/log.ts";

/** Milliseconds between two looks; a revoked session loses its sockets and streams within 5 s. */
const LOOK_MS = 2_000;

const STILL_GOOD = `
SELECT s.session_token AS hash FROM sessions s JOIN users u ON u.id = s.user_id
 WHERE s.session_token = ANY($1) AND s.expires > now() AND u.status = 'active'
UNION ALL
SELECT t.hash FROM api_tokens t JOIN users u ON u.id = t.user_id
 WHERE t.hash = ANY($1) AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now()) AND u.status = 'active'`;

/**
 * Long-lived connections (sockets, event streams) and the credentials that they were opened with. One query for
 * all of this process, every two seconds, however they were revoked and by whichever process.
 */
export interface LiveAccess {
  /** @returns to be called when the connection ends */
  watch(identity: Identity, onRevoked: () => void): () => void;
  close(): void;
}

export function watchAccess(db: Database, log: Logger): LiveAccess {
  const watched = new Map<string, Set<() => void>>();
  let looking = false;

  async function look(): Promise<void> {
    if (looking || watched.size === 0) return;
    looking = true;
    try {
      const { rows } = await db.pool.query<{ hash: string }>({
        name: "still-good",
        text: STILL_GOOD,
        values: [[...watched.keys()]],
      });
      const good = new Set(rows.map((row) => row.hash));
      for (const [hash, callbacks] of watched) {
        if (good.has(hash)) continue;
        watched.delete(hash);
        for (const revoke of callbacks) revoke();
      }
    } catch (error) {
      // The database is away: nobody can be judged, nobody gets anything new either. The next look decides.
      log.warn({ err: error }, "cannot look whether live connections are still allowed");
    } finally {
      looking = false;
    }
  }

  const timer = setInterval(() => void look(), LOOK_MS).unref();
  return {
    watch(identity, onRevoked) {
      const hash = identity.credentialHash;
      const callbacks = watched.get(hash) ?? new Set();
      watched.set(hash, callbacks.add(onRevoked));
      return () => {
        callbacks.delete(onRevoked);
        if (callbacks.size === 0 && watched.get(hash) === callbacks) watched.delete(hash);
      };
    },
    close: () => clearInterval(timer),
  };
}
