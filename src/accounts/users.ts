import type { Database, Sql } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";
import { newId } from "#platform/ids.ts";
import { DEFAULT_TIER, tierOf } from "#tiers/tiers.ts";

export interface User {
  id: string;
  email: string;
  name: string | null;
  role: "member" | "operator";
  status: "active" | "suspended";
  tier: string;
}

export interface NewUser {
  email: string;
  name?: string | null;
  image?: string | null;
  role?: "member" | "operator";
  emailVerified?: Date | null;
}

const COLUMNS = "id, email, name, role, status, tier";

// The quota row is made with the user: claims and creations lock it and never have to make it.
const CREATE = `
WITH made AS (
  INSERT INTO users (id, email, name, image, role, email_verified, tier)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (email) DO NOTHING
  RETURNING ${COLUMNS}
), quota AS (
  INSERT INTO quotas (user_id, max_agents, max_runs) SELECT id, $8, $9 FROM made
)
SELECT ${COLUMNS} FROM made`;

/** @returns null when the address is taken */
async function insertUser(sql: Sql, given: NewUser): Promise<User | null> {
  const tier = tierOf(DEFAULT_TIER);
  const { rows } = await sql.query<User>(CREATE, [
    newId(),
    normaliseEmail(given.email),
    given.name ?? null,
    given.image ?? null,
    given.role ?? "member",
    given.emailVerified ?? null,
    DEFAULT_TIER,
    tier.agents,
    tier.runs,
  ]);
  return rows[0] ?? null;
}

/** @throws AppError conflict when the address is taken */
export async function createUser(db: Database, given: NewUser): Promise<User> {
  const user = await insertUser(db.pool, given);
  if (!user) throw new AppError("conflict", "There is an account with this e-mail address already.");
  return user;
}

/** The user with this address, made when missing. An existing one is returned as it is. */
export async function findOrCreateUser(db: Database, given: NewUser): Promise<User> {
  const user = (await insertUser(db.pool, given)) ?? (await findUserByEmail(db, given.email));
  if (!user) throw new AppError("conflict", "The account was removed in this moment. Try again.");
  return user;
}

export async function findUserByEmail(db: Database, email: string): Promise<User | null> {
  const { rows } = await db.pool.query<User>(`SELECT ${COLUMNS} FROM users WHERE email = $1`, [
    normaliseEmail(email),
  ]);
  return rows[0] ?? null;
}

/** Suspends a user or lets them in again. Live sockets and streams end within seconds. @throws AppError not_found */
export async function setUserStatus(db: Database, email: string, status: User["status"]): Promise<void> {
  const { rowCount } = await db.pool.query("UPDATE users SET status = $2 WHERE email = $1", [
    normaliseEmail(email),
    status,
  ]);
  if (rowCount === 0) throw new AppError("not_found", `No user has the address ${email}.`);
}

/** @throws AppError not_found */
export async function setUserRole(db: Database, email: string, role: User["role"]): Promise<void> {
  const { rowCount } = await db.pool.query("UPDATE users SET role = $2 WHERE email = $1", [
    normaliseEmail(email),
    role,
  ]);
  if (rowCount === 0) throw new AppError("not_found", `No user has the address ${email}.`);
}

/** Makes operators of those accounts that the configuration names. Nobody is demoted by it. */
export async function nameOperators(db: Database, emails: readonly string[]): Promise<void> {
  await db.pool.query("UPDATE users SET role = 'operator' WHERE email = ANY($1) AND role <> 'operator'", [
    emails.map(normaliseEmail),
  ]);
}

function normaliseEmail(email: string): string {
  return email.trim().toLowerCase();
}
