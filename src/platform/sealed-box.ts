import { createHmac, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { CompactEncrypt, compactDecrypt, exportJWK, importJWK, type JWK } from "jose";

/** What is sealed with the public key can be opened by one process alone: the one that has the secret. */
export interface SealedBox {
  /** for whoever seals; no secret */
  publicKey: JWK;
  /** @throws Error when it was sealed for another box, or as something else than `what` */
  open(sealed: string, what: string): Promise<string>;
}

/** X25519 in PKCS #8 (RFC 8410), before the 32 bytes of the key itself. */
const PKCS8 = Buffer.from("302e020100300506032b656e04220420", "hex");

/** A pair of keys, always the same for the same secret and purpose. */
export async function openSealedBox(secret: string, purpose: string): Promise<SealedBox> {
  const seed = createHmac("sha256", secret).update(purpose).digest();
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: "der", type: "pkcs8" });
  const publicKey = await exportJWK(createPublicKey(privateKey as KeyObject & { type: "private" }));
  return {
    publicKey,
    async open(sealed, what) {
      const { plaintext, protectedHeader } = await compactDecrypt(sealed, privateKey);
      if (protectedHeader.kid !== what) throw new Error("sealed as something else");
      return Buffer.from(plaintext).toString("utf8");
    },
  };
}

/** @param what whose it is and what it is: it cannot be opened as anything else */
export async function seal(publicKey: JWK, text: string, what: string): Promise<string> {
  return new CompactEncrypt(Buffer.from(text))
    .setProtectedHeader({ alg: "ECDH-ES", enc: "A256GCM", kid: what })
    .encrypt(await importJWK(publicKey, "ECDH-ES"));
}
