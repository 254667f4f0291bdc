import { verify } from "@octokit/webhooks-methods";
import type { GitHub } from "#github/app.ts";
import { isHandled } from "#github/subscribed-events.ts";
import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";
import { newId } from "#platform/ids.ts";
import { storableJson } from "#platform/storable.ts";

/** The channel on which runners hear that something lies in the inbox. The rows are the truth. */
export const INBOX_CHANNEL = "carrel_inbox";

export interface Delivery {
  /** X-GitHub-Delivery */
  id: string | null;
  /** X-GitHub-Event */
  event: string | null;
  /** X-Hub-Signature-256 */
  signature: string | null;
  /** read only when there is a signature that it could have. @throws AppError too_large */
  body(): Promise<Uint8Array>;
}

// A redelivery has the id of the first; a GUID, as GitHub writes them.
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SIGNATURE = /^sha256=[0-9a-f]{64}$/;
const EVENT = /^[a-z_]{1,64}$/;

const KEEP = `
WITH kept AS (
  INSERT INTO inbox (id, source, delivery_id, type, payload) VALUES ($1, 'github', $2, $3, $4)
  ON CONFLICT (source, delivery_id) DO NOTHING RETURNING id
)
SELECT pg_notify($5, '') FROM kept`;

/**
 * Keeps what GitHub says, once, for a runner to work off. Nothing else happens here: GitHub waits ten seconds at most.
 * @throws AppError unavailable without a secret, unauthenticated for a wrong signature, bad_request
 */
export async function receiveDelivery(db: Database, github: GitHub, delivery: Delivery): Promise<void> {
  const { webhookSecret } = await github.requireCredentials();
  const { signature } = delivery;
  if (signature === null || !SIGNATURE.test(signature)) throw notGenuine();
  const text = decode(await delivery.body());
  // The library compares in constant time.
  if (!(await verify(webhookSecret, text, signature))) throw notGenuine();
  const { id, event } = delivery;
  if (id === null || !ID.test(id))
    throw new AppError("bad_request", "X-GitHub-Delivery is not a delivery's id.");
  if (event === null || !EVENT.test(event))
    throw new AppError("bad_request", "X-GitHub-Event is not an event.");
  if (!isHandled(event)) return;
  await db.pool.query(KEEP, [newId(), id.toLowerCase(), event, parse(text), INBOX_CHANNEL]);
}

function notGenuine(): AppError {
  return new AppError("unauthenticated", "The signature is missing or not GitHub's.");
}

// What is signed are bytes: those that are no text have no signature that fits a text.
function decode(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch (error) {
    throw new AppError("bad_request", "The body is not valid UTF-8.", { cause: error });
  }
}

function parse(text: string): string {
  try {
    const payload: unknown = JSON.parse(text);
    if (typeof payload !== "object" || payload === null || Array.isArray(payload))
      throw new Error("no object");
    return storableJson(payload);
  } catch (error) {
    throw new AppError("bad_request", "The body is not a JSON object: the App's content type must be JSON.", {
      cause: error,
    });
  }
}
