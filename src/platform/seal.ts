import { hkdfSync } from "node:crypto";
import { CompactEncrypt, compactDecrypt } from "jose";
import { AppError } from "#platform/errors.ts";

/** Secrets at rest: who has the database alone has nothing. */
export interface Seal {
  /** `name` says what it is: it opens under this name only */
  close(name: string, secret: string): Promise<string>;
  /** @throws AppError unavailable when it was sealed with another secret or under another name */
  open(name: string, sealed: string): Promise<string>;
}

/** Always the same key for the same secret and purpose. */
export function createSeal(secret: string, purpose: string): Seal {
  const key = new Uint8Array(hkdfSync("sha256", secret, "", `carrel: ${purpose}`, 32));
  return {
    close: (name, text) =>
      new CompactEncrypt(Buffer.from(text))
        .setProtectedHeader({ alg: "dir", enc: "A256GCM", kid: name })
        .encrypt(key),
    async open(name, sealed) {
      try {
        const { plaintext, protectedHeader } = await compactDecrypt(sealed, key, {
          keyManagementAlgorithms: ["dir"],
          contentEncryptionAlgorithms: ["A256GCM"],
        });
        if (protectedHeader.kid !== name) throw new Error("sealed under another name");
        return Buffer.from(plaintext).toString("utf8");
      } catch (error) {
        throw new AppError(
          "unavailable",
          `What was stored of ${purpose} cannot be opened with the present secret.`,
          {
            cause: error,
          },
        );
      }
    },
  };
}
