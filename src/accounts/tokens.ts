import { newSecret, sha256 } from "#platform/crypto.ts";
import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";
import { newId } from "#platform/ids.ts";

export const SCOPES = ["api", "api:read", "models"] as const;
export type Scope = (typeof SCOPES)[number];

/** What personal tokens begin with, so that secret scanners and people know one when they see it. */
export const TOKEN_PREFIX = "carrel_";

export interface TokenRecord {
  id: string;
  name: string;
  prefix: string;
  scopes: Scope[];
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
}

const RECORD = `id, name, prefix, scopes, created_at AS "createdAt", expires_at AS "expiresAt", last_used_at AS "lastUsedAt"`;

/** More than anybody needs; a bound on what a runaway script can leave behind. */
const TOKENS_PER_USER = 100;

/**
 * Makes a personal token. The secret is in the answer and nowhere else: only its SHA-256 is kept.
 * @throws AppError bad_request when it would expire in the past, limit_reached
 */
export async function createToken(
  db: Database,
  given: { userId: string; name: string; scopes: readonly Scope[]; expiresAt?: Date | null },
): Promise<TokenRecord & { token: string }> {
  if (given.expiresAt && given.expiresAt.getTime() <= Date.now()) {
    throw new AppError("bad_request", "expiresAt must be in the future.");
  }
  const token = `${TOKEN_PREFIX}${newSecret()}`;
  const { rows } = await db.pool.query<TokenRecord>(
    `INSERT INTO api_tokens (id, user_id, name, hash, prefix, scopes, expires_at)
     SELECT $1, $2, $3, $4, $5, $6, $7
      WHERE (SELECT count(*) FROM api_tokens WHERE user_id = $2 AND revoked_at IS NULL) < ${TOKENS_PER_USER}
     RETURNING ${RECORD}`,
    [
      newId(),
      given.userId,
      given.name,
      sha256(token),
      token.slice(0, TOKEN_PREFIX.length + 4),
      [...new Set(given.scopes)],
      given.expiresAt ?? null,
    ],
  );
  const record = rows[0];
  if (!record) throw new AppError("limit_reached", `You have ${TOKENS_PER_USER} tokens. Revoke one first.`);
  return { ...record, token };
}

/** The user's tokens that are not revoked, newest first, after `before` (an id). */
export async function listTokens(
  db: Database,
  userId: string,
  page: { limit: number; before?: string },
): Promise<TokenRecord[]> {
  const { rows } = await db.pool.query<TokenRecord>(
    `SELECT ${RECORD} FROM api_tokens
      WHERE user_id = $1 AND revoked_at IS NULL AND ($2::text IS NULL OR id < $2)
      ORDER BY id DESC LIMIT $3`,
    [userId, page.before ?? null, page.limit],
  );
  return rows;
}

/** @throws AppError not_found */
export async function revokeToken(db: Database, userId: string, tokenId: string): Promise<void> {
  const { rowCount } = await db.pool.query(
    "UPDATE api_tokens SET revoked_at = now() WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL",
    [tokenId, userId],
  );
  if (rowCount === 0) throw new AppError("not_found", "There is no such token.");
}
