import { decodeJwt, errors, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { AppError } from "#platform/errors.ts";

/** What a run token says of its bearer: one step of one execution of one run. */
export const RunClaims = z.object({
  userId: z.string().min(1),
  agentId: z.string().min(1),
  runId: z.string().min(1),
  /** the run's fence when the token was signed; the gateway refuses an older one */
  fence: z.number().int(),
  /** the step's stable key, or null outside any step */
  step: z.string().nullable(),
});
export type RunClaims = z.infer<typeof RunClaims>;

const ISSUER = "carrel";
const AUDIENCE = "carrel-gateway";

/** A token for model calls of one run; short-lived, so sign anew for each step. */
export async function signRunToken(secret: string, claims: RunClaims, ttlSeconds: number): Promise<string> {
  const { userId, agentId, runId, fence, step } = claims;
  return new SignJWT({ agentId, runId, fence, step })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject(userId)
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setExpirationTime(Math.floor(Date.now() / 1000) + ttlSeconds)
    .sign(key(secret));
}

/**
 * Checks signature and expiry alone. Whether the run is still on and the fence still holds is in the database.
 * @throws AppError unauthenticated
 */
export async function verifyRunToken(secret: string, token: string): Promise<RunClaims> {
  try {
    const { payload } = await jwtVerify(token, key(secret), {
      issuer: ISSUER,
      audience: AUDIENCE,
      algorithms: ["HS256"],
    });
    return RunClaims.parse({ ...payload, userId: payload.sub });
  } catch (error) {
    if (error instanceof errors.JWTExpired) {
      throw new AppError("unauthenticated", "The run token has expired; the step must ask for a new one.", {
        cause: error,
      });
    }
    throw new AppError("unauthenticated", "The token is not known.", { cause: error });
  }
}

/** Tokens whose signature was found right, at most so many: a run makes its calls with a few tokens. */
const REMEMBERED = 10_000;

/**
 * Verifies each token once and remembers what it says until it expires: a signature that was right stays right.
 * @throws AppError unauthenticated, from the returned function
 */
export function runTokenReader(secret: string): (token: string) => Promise<RunClaims> {
  const known = new Map<string, { claims: RunClaims; expires: number }>();
  return async (token) => {
    const found = known.get(token);
    if (found && found.expires > Date.now()) return found.claims;
    known.delete(token);
    const claims = await verifyRunToken(secret, token);
    const oldest = known.size >= REMEMBERED ? known.keys().next().value : undefined;
    if (oldest !== undefined) known.delete(oldest);
    known.set(token, { claims, expires: (decodeJwt(token).exp ?? 0) * 1000 });
    return claims;
  };
}

/** Run tokens are JWTs; personal tokens never contain a dot. */
export function looksLikeRunToken(token: string): boolean {
  return token.split(".").length === 3;
}

function key(secret: string): Uint8Array {
  return new TextEncoder().encode(secret);
}
