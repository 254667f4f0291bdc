import type { JWK } from "jose";
import { type Database, inTransaction, type Sql } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";
import { newId } from "#platform/ids.ts";
import { type SealedBox, seal } from "#platform/sealed-box.ts";

/**
 * The private environment of an agent: variables of its processes that nobody reads back. Whoever takes a value in
 * (web) seals it for the runners and cannot open it again; a sealed value is bound to its agent and name.
 */

export const ENVIRONMENT_LIMITS = {
  names: 64,
  nameCharacters: 100,
  /** of one value, in UTF-8 */
  valueBytes: 16 * 1024,
  /** of all values */
  bytes: 64 * 1024,
} as const;

/** A shorter value stands in too many ordinary words: masking it would spoil what people read. */
export const MASKED_FROM_CHARACTERS = 6;

/** So long a value that is not in force any more is still masked: files and processes may hold it. */
const MASKED_AFTER = "7 days";

/** Of values in force and the last that were replaced: a user who replaces them all day must not keep a runner busy. */
const MOST_OPENED = 4 * ENVIRONMENT_LIMITS.names;

const PURPOSE = "agents' private environments";

/** What the platform itself sets, or what would change how its own programs start. */
const RESERVED = new RegExp(
  `^(${[
    "PATH|HOME|USER|LOGNAME|SHELL|PWD|OLDPWD|TMPDIR|LANG|IFS|ENV|BASH_ENV|SHELLOPTS|BASHOPTS",
    "(HTTP|HTTPS|ALL|NO|FTP)_PROXY",
    "LD_.*|CARREL_.*|NODE_OPTIONS|NODE_EXTRA_CA_CERTS|PYTHONHOME|PYTHONPATH|PYTHONSAFEPATH|PYTHONSTARTUP",
  ].join("|")})$`,
  "i",
);

export interface EnvironmentKey {
  name: string;
  /** false: too short to be masked in outputs */
  masked: boolean;
  updatedAt: string;
}

/** Variables to set; null removes one. What is not named stays as it is. */
export type EnvironmentChange = Record<string, string | null>;

/** @throws AppError not_found, bad_request, limit_reached, unavailable */
export async function changeEnvironment(
  db: Database,
  userId: string,
  agentId: string,
  change: EnvironmentChange,
): Promise<EnvironmentKey[]> {
  for (const [name, value] of Object.entries(change)) checkVariable(name, value);
  await requireOwn(db.pool, userId, agentId);
  const publicKey = await readPublicKey(db.pool);
  const fresh = await Promise.all(
    Object.entries(change).flatMap(([name, value]) =>
      value === null ? [] : [sealVariable(publicKey, agentId, name, value)],
    ),
  );
  return inTransaction(db.pool, async (client) => {
    await requireOwn(client, userId, agentId, "FOR NO KEY UPDATE");
    await client.query(
      `UPDATE agent_secrets SET retired_at = now() WHERE agent_id = $1 AND name = ANY($2) AND retired_at IS NULL`,
      [agentId, Object.keys(change)],
    );
    await client.query(
      `DELETE FROM agent_secrets WHERE agent_id = $1 AND retired_at < now() - interval '${MASKED_AFTER}'`,
      [agentId],
    );
    for (const { name, sealed, bytes, masked } of fresh) {
      await client.query(
        "INSERT INTO agent_secrets (id, agent_id, name, sealed, bytes, masked) VALUES ($1, $2, $3, $4, $5, $6)",
        [newId(), agentId, name, sealed, bytes, masked],
      );
    }
    await checkRoom(client, agentId);
    return listKeys(client, agentId);
  });
}

/** @throws AppError not_found */
export async function listEnvironment(
  db: Database,
  userId: string,
  agentId: string,
): Promise<EnvironmentKey[]> {
  await requireOwn(db.pool, userId, agentId);
  return listKeys(db.pool, agentId);
}

/** Offers the runners' public key to whoever seals. Every runner of an installation offers the same. */
export async function offerEnvironmentKey(db: Database, box: SealedBox): Promise<void> {
  await db.pool.query(
    `INSERT INTO sealing_keys (purpose, public_key) VALUES ($1, $2)
     ON CONFLICT (purpose) DO UPDATE SET public_key = excluded.public_key`,
    [PURPOSE, JSON.stringify(box.publicKey)],
  );
}

export interface OpenedEnvironment {
  /** what processes get */
  variables: Record<string, string>;
  /** what must not be seen: also what was in force until lately */
  secrets: string[];
}

/** For runners. @throws AppError unavailable when a value in force was sealed for another installation */
export async function openEnvironment(
  db: Database,
  box: SealedBox,
  userId: string,
  agentId: string,
): Promise<OpenedEnvironment> {
  const { rows } = await db.pool.query<{ name: string; sealed: string; masked: boolean; retired: boolean }>(
    `SELECT s.name, s.sealed, s.masked, s.retired_at IS NOT NULL AS retired
       FROM agent_secrets s JOIN agents a ON a.id = s.agent_id
      WHERE s.agent_id = $1 AND a.user_id = $2
        AND (s.retired_at IS NULL OR s.retired_at > now() - interval '${MASKED_AFTER}')
      ORDER BY s.retired_at DESC NULLS FIRST LIMIT ${MOST_OPENED}`,
    [agentId, userId],
  );
  const opened: OpenedEnvironment = { variables: {}, secrets: [] };
  for (const { name, sealed, masked, retired } of rows) {
    const value = await box.open(sealed, whatOf(agentId, name)).catch((cause: unknown) => {
      if (retired) return null;
      throw new AppError("unavailable", `The private variable ${name} cannot be opened. Enter it again.`, {
        cause,
      });
    });
    if (value === null) continue;
    if (!retired) opened.variables[name] = value;
    if (masked) opened.secrets.push(value);
  }
  return opened;
}

/** The key of this purpose's box. */
export const ENVIRONMENT_PURPOSE = `carrel: ${PURPOSE}`;

function checkVariable(name: string, value: string | null): void {
  const wrong = (what: string) =>
    new AppError("bad_request", `${JSON.stringify(name.slice(0, 120))}: ${what}`);
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    throw wrong("a name has letters, digits and _, and begins with no digit.");
  if (name.length > ENVIRONMENT_LIMITS.nameCharacters)
    throw wrong(`a name has at most ${ENVIRONMENT_LIMITS.nameCharacters} characters.`);
  if (value === null) return;
  if (RESERVED.test(name)) throw wrong("this name is the platform's own.");
  if (value.includes("\0") || !value.isWellFormed()) throw wrong("the value is not text.");
  if (Buffer.byteLength(value) > ENVIRONMENT_LIMITS.valueBytes)
    throw wrong(`a value has at most ${ENVIRONMENT_LIMITS.valueBytes} bytes.`);
}

async function sealVariable(publicKey: JWK, agentId: string, name: string, value: string) {
  return {
    name,
    sealed: await seal(publicKey, value, whatOf(agentId, name)),
    bytes: Buffer.byteLength(value),
    masked: value.trim().length >= MASKED_FROM_CHARACTERS,
  };
}

function whatOf(agentId: string, name: string): string {
  return `${agentId}/${name}`;
}

async function readPublicKey(sql: Sql): Promise<JWK> {
  const { rows } = await sql.query<{ key: JWK }>(
    "SELECT public_key AS key FROM sealing_keys WHERE purpose = $1",
    [PURPOSE],
  );
  if (rows[0]) return rows[0].key;
  throw new AppError("unavailable", "No runner has been up yet. Try again in a few seconds.");
}

async function requireOwn(sql: Sql, userId: string, agentId: string, lock = ""): Promise<void> {
  const { rowCount } = await sql.query(
    `SELECT FROM agents WHERE id = $1 AND user_id = $2 AND deleted_at IS NULL ${lock}`,
    [agentId, userId],
  );
  if (rowCount === 0) throw new AppError("not_found", "There is no such agent.");
}

async function checkRoom(sql: Sql, agentId: string): Promise<void> {
  const { rows } = await sql.query<{ names: number; bytes: number }>(
    `SELECT count(*)::int AS names, coalesce(sum(bytes), 0)::int AS bytes
       FROM agent_secrets WHERE agent_id = $1 AND retired_at IS NULL`,
    [agentId],
  );
  const { names = 0, bytes = 0 } = rows[0] ?? {};
  if (names > ENVIRONMENT_LIMITS.names)
    throw new AppError(
      "limit_reached",
      `An agent has at most ${ENVIRONMENT_LIMITS.names} private variables.`,
    );
  if (bytes > ENVIRONMENT_LIMITS.bytes)
    throw new AppError(
      "limit_reached",
      `The private variables of an agent hold at most ${ENVIRONMENT_LIMITS.bytes} bytes.`,
    );
}

async function listKeys(sql: Sql, agentId: string): Promise<EnvironmentKey[]> {
  const { rows } = await sql.query<{ name: string; masked: boolean; createdAt: Date }>(
    `SELECT name, masked, created_at AS "createdAt" FROM agent_secrets
      WHERE agent_id = $1 AND retired_at IS NULL ORDER BY name`,
    [agentId],
  );
  return rows.map(({ name, masked, createdAt }) => ({ name, masked, updatedAt: createdAt.toISOString() }));
}
