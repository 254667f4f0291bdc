import type { JWK } from "jose";
import { z } from "zod";
import { AppError } from "#platform/errors.ts";
import type { Logger } from "#platform/log.ts";

const TIMEOUT_MS = 3_000;

/** An X25519 key (RFC 8037), as the gateway says it. */
const Answer = z.object({
  publicKey: z.object({ kty: z.literal("OKP"), crv: z.literal("X25519"), x: z.string() }),
});

/**
 * The key with which users' own provider keys are sealed, so that only the gateway can open them. Asked for each time:
 * a key that was sealed for a gateway of yesterday would be of no use.
 * @throws AppError unavailable, from the returned function
 */
export function createSealingKey(gatewayUrl: string, log: Logger): () => Promise<JWK> {
  return async () => {
    try {
      const response = await fetch(new URL("/keys.json", gatewayUrl), {
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!response.ok) throw new Error(`the gateway answered ${response.status}`);
      return Answer.parse(await response.json()).publicKey;
    } catch (error) {
      log.warn({ err: error }, "cannot ask the gateway for its public key");
      throw new AppError("unavailable", "The model gateway does not answer. Try again.", { cause: error });
    }
  };
}
