import { z } from "zod";
import type { DeliveryContext } from "#github/handle-delivery.ts";
import { factsOf, keepNews } from "#github/pull-requests.ts";

export const PullRequest = z.looseObject({
  number: z.int(),
  state: z.string(),
  merged: z.boolean().nullish(),
  merged_at: z.string().nullish(),
  html_url: z.string(),
  updated_at: z.string(),
  head: z.looseObject({ ref: z.string(), sha: z.string() }),
  base: z.looseObject({ ref: z.string() }),
});

const Payload = z.looseObject({
  repository: z.looseObject({ id: z.number() }),
  pull_request: PullRequest,
});

/** Opened, changed, merged, closed, opened again: whatever happened, the payload holds the state after it. */
export async function handlePullRequest({ db }: DeliveryContext, payload: unknown): Promise<void> {
  const { repository, pull_request } = Payload.parse(payload);
  await keepNews(db.pool, factsOf(repository.id, pull_request));
}
