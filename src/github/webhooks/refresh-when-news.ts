import type { DeliveryContext } from "#github/handle-delivery.ts";
import { refreshInstallation } from "#github/refresh-installation.ts";

/** So much later GitHub's answers have what its events say. Milliseconds. */
const SETTLED_MS = 2_000;

/**
 * Looks again at an installation that somebody here uses, unless GitHub was asked after the event: a thousand events cost
 * a few requests.
 */
export async function refreshWhenNews(context: DeliveryContext, installationId: number): Promise<void> {
  const { db, github, receivedAt } = context;
  const { rows } = await db.pool.query<{ asked_at: Date }>(
    "SELECT asked_at FROM github_installations WHERE id = $1",
    [installationId],
  );
  const [known] = rows;
  if (!known || known.asked_at.getTime() > receivedAt.getTime() + SETTLED_MS) return;
  await refreshInstallation(db, github, installationId);
}
