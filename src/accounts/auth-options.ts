import type { AuthOptions } from "next-auth";
import { hashedSessionAdapter } from "#accounts/hashed-session-adapter.ts";
import { SESSION_SECONDS, sessionCookieOf } from "#accounts/session-cookie.ts";
import type { Database } from "#platform/db.ts";
import type { Logger } from "#platform/log.ts";

/** next-auth's settings. Outside providers (GitHub, Google, OIDC, e-mail) are one entry each in `providers`. */
export function createAuthOptions(given: {
  db: Database;
  secret: string;
  appUrl: string;
  log: Logger;
  providers: AuthOptions["providers"];
  /** e-mail addresses whose accounts are operators from their first, verified sign-in */
  operators: readonly string[];
}): AuthOptions {
  const cookie = sessionCookieOf(given.appUrl);
  return {
    adapter: hashedSessionAdapter(given.db, given.operators),
    secret: given.secret,
    providers: given.providers,
    session: { strategy: "database", maxAge: SESSION_SECONDS, updateAge: 24 * 3600 },
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in" },
    useSecureCookies: cookie.secure,
    cookies: {
      sessionToken: {
        name: cookie.name,
        options: { httpOnly: true, sameSite: "lax", path: "/", secure: cookie.secure },
      },
    },
    callbacks: {
      async signIn({ user }) {
        const { rows } = await given.db.pool.query(
          "SELECT 1 FROM users WHERE id = $1 AND status = 'suspended'",
          [user.id],
        );
        return rows.length === 0;
      },
    },
    logger: {
      error: (code, metadata) => given.log.error({ code, metadata }, "sign-in failed"),
      warn: (code) => given.log.warn({ code }, "sign-in warning"),
      debug: (code) => given.log.debug({ code }, "sign-in"),
    },
  };
}
