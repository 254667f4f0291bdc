/**
 * The session's cookie. Cookies ignore ports, so over plain http on localhost the port is part of the name:
 * two installations on one machine must not sign each other out.
 */
export interface SessionCookie {
  readonly name: string;
  readonly secure: boolean;
}

/** Seconds that a session lasts. */
export const SESSION_SECONDS = 30 * 24 * 3600;

export function sessionCookieOf(appUrl: string): SessionCookie {
  const url = new URL(appUrl);
  if (url.protocol === "https:") return { name: "__Secure-carrel.session", secure: true };
  return { name: `carrel-${url.port || "80"}.session`, secure: false };
}

export function setSessionCookie(cookie: SessionCookie, token: string): string {
  const secure = cookie.secure ? "; Secure" : "";
  return `${cookie.name}=${token}; Path=/; Max-Age=${SESSION_SECONDS}; HttpOnly; SameSite=Lax${secure}`;
}

/** The session token in a Cookie header, where there is one. */
export function readSessionCookie(cookie: SessionCookie, header: string | null | undefined): string | null {
  for (const pair of (header ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === cookie.name) return pair.slice(at + 1).trim() || null;
  }
  return null;
}
