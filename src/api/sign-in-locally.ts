import { authorise } from "#accounts/authorise.ts";
import { signInLocally } from "#accounts/local-sign-in.ts";
import type { RateLimits } from "#accounts/rate-limits.ts";
import { type SessionCookie, setSessionCookie } from "#accounts/session-cookie.ts";
import type { Database } from "#platform/db.ts";
import { isAppError } from "#platform/errors.ts";
import { ADDRESS_HEADER } from "#platform/http.ts";

export interface LocalSignInOptions {
  db: Database;
  mode: "embedded" | "production";
  cookie: SessionCookie;
  rateLimits: RateLimits;
}

/** GET /sign-in/local?code=…: takes the one-time code, opens a session and leads home; a code that is no good leads to /sign-in. */
export async function answerLocalSignIn(options: LocalSignInOptions, request: Request): Promise<Response> {
  const { db, mode, cookie, rateLimits } = options;
  if (mode === "production") return leadTo("/sign-in?error=local-disabled");
  try {
    if (await isSignedIn(options, request)) return leadTo("/");
    await rateLimits.signIn(request.headers.get(ADDRESS_HEADER) ?? "");
    const code = new URL(request.url).searchParams.get("code") ?? "";
    const { token } = await signInLocally(db, code, request.headers.get("user-agent"));
    return leadTo("/", { "set-cookie": setSessionCookie(cookie, token) });
  } catch (error) {
    if (!isAppError(error)) throw error;
    return leadTo(`/sign-in?error=${error.code === "rate_limited" ? "rate-limited" : "code"}`);
  }
}

async function isSignedIn({ db, cookie }: LocalSignInOptions, request: Request): Promise<boolean> {
  try {
    await authorise(db, cookie, { cookie: request.headers.get("cookie") });
    return true;
  } catch (error) {
    if (isAppError(error)) return false;
    throw error;
  }
}

function leadTo(path: string, headers: Record<string, string> = {}): Response {
  return new Response(null, {
    status: 303,
    headers: { location: path, "cache-control": "no-store", ...headers },
  });
}
