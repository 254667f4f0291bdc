import { z } from "zod";
import type { DeliveryContext } from "#github/handle-delivery.ts";

const Payload = z.looseObject({ action: z.string(), sender: z.looseObject({ id: z.number() }) });

/** A person took back on GitHub what they had authorised: what was confirmed through it holds no more. */
export async function handleAuthorization(
  { db, receivedAt }: DeliveryContext,
  payload: unknown,
): Promise<void> {
  const { action, sender } = Payload.parse(payload);
  if (action !== "revoked") return;
  // Who authorised the App anew since then means it.
  await db.pool.query(
    `WITH gone AS (DELETE FROM github_accounts WHERE github_id = $1 AND connected_at < $2 RETURNING user_id),
     access AS (DELETE FROM github_installation_users u USING gone WHERE u.user_id = gone.user_id)
     UPDATE github_repositories r SET state = 'out_of_reach', updated_at = now()
       FROM gone WHERE r.user_id = gone.user_id AND r.state = 'active'`,
    [sender.id, receivedAt],
  );
}
