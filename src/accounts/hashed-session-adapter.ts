import { PrismaAdapter } from "@next-auth/prisma-adapter";
import type { Adapter, AdapterUser } from "next-auth/adapters";
import { createUser } from "#accounts/users.ts";
import { sha256 } from "#platform/crypto.ts";
import type { Database } from "#platform/db.ts";

/**
 * next-auth's Prisma adapter, but a stolen copy of the database opens no session: the cookie's SHA-256 is stored
 * in place of the cookie. And a user is always made with the quota row that the caps need.
 */
export function hashedSessionAdapter(db: Database, operators: readonly string[]): Adapter {
  // The adapter's types name the client of an older Prisma; it uses only findUnique, create, update and delete.
  const plain = PrismaAdapter(
    db.prisma as unknown as Parameters<typeof PrismaAdapter>[0],
  ) as Required<Adapter>;
  return {
    ...plain,
    async createUser(given: Omit<AdapterUser, "id">) {
      const isOperator = given.emailVerified !== null && operators.includes(given.email.toLowerCase());
      const user = await createUser(db, { ...given, role: isOperator ? "operator" : "member" });
      return { ...given, id: user.id, email: user.email };
    },
    async createSession(session) {
      await plain.createSession({ ...session, sessionToken: sha256(session.sessionToken) });
      return session;
    },
    async getSessionAndUser(sessionToken) {
      const found = await plain.getSessionAndUser(sha256(sessionToken));
      if (!found || (found.user as unknown as { status: string }).status !== "active") return null;
      return { ...found, session: { ...found.session, sessionToken } };
    },
    async updateSession(session) {
      const { sessionToken } = session;
      const updated = await plain.updateSession({ ...session, sessionToken: sha256(sessionToken) });
      return updated && { ...updated, sessionToken };
    },
    async deleteSession(sessionToken) {
      // Signing out twice is no error: the row may be gone.
      await db.pool.query("DELETE FROM sessions WHERE session_token = $1", [sha256(sessionToken)]);
    },
  };
}
