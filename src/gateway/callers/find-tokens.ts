import type pg from "pg";
import type { Scope } from "#accounts/tokens.ts";

export interface FoundToken {
  user_id: string;
  user_status: string;
  tier: string;
  scopes: Scope[];
  expires_at: Date | null;
  own: number | null;
  site: number | null;
  /** sealed, by provider */
  keys: Record<string, string> | null;
}

/**
 * Personal tokens that hold, by the SHA-256 of each, with the limits of their users. What `authorise` of accounts says
 * of one credential, said of many at once.
 */
export async function findTokens(pool: pg.Pool, hashes: { id: string }[]): Promise<Map<string, FoundToken>> {
  const { rows } = await pool.query<FoundToken & { hash: string; token_id: string; unnoted: boolean }>({
    name: "find-tokens",
    text: `SELECT t.hash, t.id AS token_id, t.user_id, u.status AS user_status, u.tier, t.scopes, t.expires_at,
             own.limit_micro_usd AS own, site.limit_micro_usd AS site,
             t.last_used_at IS NULL OR t.last_used_at < now() - interval '1 minute' AS unnoted,
             (SELECT json_object_agg(k.provider, k.sealed) FROM provider_keys k WHERE k.user_id = u.id) AS keys
           FROM api_tokens t JOIN users u ON u.id = t.user_id
             LEFT JOIN budgets own ON own.scope = 'user:' || u.id LEFT JOIN budgets site ON site.scope = 'site'
           WHERE t.hash = ANY($1) AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())`,
    values: [hashes.map(({ id }) => id)],
  });
  const unnoted = rows.filter((row) => row.unnoted).map((row) => row.token_id);
  if (unnoted.length > 0) {
    await pool.query(`UPDATE api_tokens SET last_used_at = now() WHERE id = ANY($1)`, [unnoted]);
  }
  return new Map(rows.map((row) => [row.hash, row]));
}
