import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** SHA-256 in lower-case hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** A secret with 256 bits of entropy, safe in URLs and headers. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** Compares two secrets in constant time, whatever their lengths. */
export function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(
    createHash("sha256").update(given).digest(),
    createHash("sha256").update(expected).digest(),
  );
}
