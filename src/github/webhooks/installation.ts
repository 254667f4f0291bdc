import { z } from "zod";
import type { DeliveryContext } from "#github/handle-delivery.ts";
import { refreshWhenNews } from "#github/webhooks/refresh-when-news.ts";

const Payload = z.looseObject({ installation: z.looseObject({ id: z.number() }) });

/** Installed, suspended, taken up again, removed, or given other permissions. */
export async function handleInstallation(context: DeliveryContext, payload: unknown): Promise<void> {
  await refreshWhenNews(context, Payload.parse(payload).installation.id);
}
