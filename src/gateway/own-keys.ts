import type { JWK } from "jose";
import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";
import { openSealedBox, seal } from "#platform/sealed-box.ts";

/**
 * Users' own provider keys. Whoever takes one in (the pages) seals it with the gateway's public key; what is stored can
 * be opened by the gateway alone, and only as the key of that user for that provider.
 */

/** Providers for which a key of one's own can be used. */
export const OWN_KEY_PROVIDERS = ["anthropic", "openai"] as const;

export interface OwnKeyOf {
  userId: string;
  provider: string;
}

export interface Sealing {
  /** for whoever seals; no secret */
  publicKey: JWK;
  /** @throws AppError unavailable when it was sealed for another installation, user or provider */
  open(sealed: string, of: OwnKeyOf): Promise<string>;
}

/** The gateway's pair of keys, always the same for the same secret. */
export async function openSealing(secret: string): Promise<Sealing> {
  const box = await openSealedBox(secret, "carrel: users' own provider keys");
  return {
    publicKey: box.publicKey,
    async open(sealed, of) {
      try {
        return await box.open(sealed, kidOf(of));
      } catch (cause) {
        const message = `Your own key for ${of.provider} cannot be opened. Enter it again.`;
        throw new AppError("unavailable", message, { cause });
      }
    },
  };
}

/** Seals a key for the gateway that `publicKey` belongs to. */
export async function sealKey(publicKey: JWK, key: string, of: OwnKeyOf): Promise<string> {
  return seal(publicKey, key, kidOf(of));
}

function kidOf({ userId, provider }: OwnKeyOf): string {
  return `${userId}/${provider}`;
}

export interface OwnKey {
  provider: string;
  /** its last four characters */
  hint: string;
  createdAt: Date;
}

/** Keeps a user's own key; the one before it is gone. @throws AppError bad_request */
export async function storeOwnKey(
  db: Database,
  publicKey: JWK,
  given: OwnKeyOf & { key: string },
): Promise<OwnKey> {
  const { userId, provider, key } = given;
  if (!OWN_KEY_PROVIDERS.some((known) => known === provider)) {
    throw new AppError("bad_request", `provider: one of ${OWN_KEY_PROVIDERS.join(", ")}.`);
  }
  if (!/^[\x21-\x7e]{8,500}$/.test(key)) {
    throw new AppError("bad_request", "key: 8 to 500 characters, with no space.");
  }
  const sealed = await sealKey(publicKey, key, { userId, provider });
  const { rows } = await db.pool.query<OwnKey>(
    `INSERT INTO provider_keys (user_id, provider, sealed, hint) VALUES ($1, $2, $3, $4)
     ON CONFLICT (user_id, provider) DO UPDATE SET sealed = excluded.sealed, hint = excluded.hint, created_at = now()
     RETURNING provider, hint, created_at AS "createdAt"`,
    [userId, provider, sealed, key.slice(-4)],
  );
  return rows[0] as OwnKey;
}

export async function listOwnKeys(db: Database, userId: string): Promise<OwnKey[]> {
  const { rows } = await db.pool.query<OwnKey>(
    `SELECT provider, hint, created_at AS "createdAt" FROM provider_keys WHERE user_id = $1 ORDER BY provider`,
    [userId],
  );
  return rows;
}

/** From the next call on, the installation's key is used again, at its price. */
export async function removeOwnKey(db: Database, userId: string, provider: string): Promise<void> {
  await db.pool.query(`DELETE FROM provider_keys WHERE user_id = $1 AND provider = $2`, [userId, provider]);
}
