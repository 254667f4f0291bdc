import { z } from "zod";
import type { DeliveryContext } from "#github/handle-delivery.ts";
import { refreshWhenNews } from "#github/webhooks/refresh-when-news.ts";

const Payload = z.looseObject({
  action: z.string(),
  installation: z.looseObject({ id: z.number() }).optional(),
  repository: z.looseObject({ id: z.number() }),
});

/**
 * A chosen repository was renamed, deleted, transferred, archived or made private: its number stays, the rest is asked
 * anew. That it was deleted, and not only taken from the App, nobody can be asked afterwards; numbers are never used again.
 */
export async function handleRepository(context: DeliveryContext, payload: unknown): Promise<void> {
  const { action, installation, repository } = Payload.parse(payload);
  const { rows } = await context.db.pool.query<{ installation_id: number }>(
    "SELECT DISTINCT installation_id FROM github_repositories WHERE repository_id = $1",
    [repository.id],
  );
  const using = rows.map((row) => row.installation_id);
  // Transferred to an account that is another installation's: the former one has to notice as well.
  const asked = new Set(installation ? [...using, installation.id] : using);
  for (const id of asked) await refreshWhenNews(context, id);
  if (action !== "deleted") return;
  await context.db.pool.query(
    `UPDATE github_repositories SET state = 'deleted', updated_at = now()
      WHERE repository_id = $1 AND installation_id = $2 AND state = 'out_of_reach'`,
    [repository.id, installation?.id ?? 0],
  );
}
