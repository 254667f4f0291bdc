import { z } from "zod";
import type { DeliveryContext } from "#github/handle-delivery.ts";
import { refreshWhenNews } from "#github/webhooks/refresh-when-news.ts";

const Payload = z.looseObject({ installation: z.looseObject({ id: z.number() }) });

/** Repositories were given to the App, or taken from it. */
export async function handleInstallationRepositories(
  context: DeliveryContext,
  payload: unknown,
): Promise<void> {
  await refreshWhenNews(context, Payload.parse(payload).installation.id);
}
