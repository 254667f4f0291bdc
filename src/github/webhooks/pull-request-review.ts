import { z } from "zod";
import type { DeliveryContext } from "#github/handle-delivery.ts";
import { offerRepair } from "#github/offer-repair.ts";
import { keepSignal } from "#github/signals.ts";
import { isTrusted, mentionsAgent } from "#github/webhooks/mentions.ts";

const Payload = z.looseObject({
  action: z.string(),
  repository: z.looseObject({ id: z.number() }),
  pull_request: z.looseObject({ number: z.int(), head: z.looseObject({ ref: z.string(), sha: z.string() }) }),
  review: z.looseObject({
    id: z.number(),
    state: z.string(),
    body: z.string().nullish(),
    submitted_at: z.string().nullish(),
    commit_id: z.string().nullish(),
    html_url: z.string(),
    author_association: z.string().default("NONE"),
    user: z.looseObject({ login: z.string(), type: z.string().optional() }).nullish(),
  }),
});

/** A review that asks for changes, or calls the agent, is a reason for another run. */
export async function handlePullRequestReview(context: DeliveryContext, payload: unknown): Promise<void> {
  const { db, receivedAt } = context;
  const { action, repository, pull_request: pull, review } = Payload.parse(payload);
  const state = review.state.toLowerCase();
  const saidAt = review.submitted_at ? new Date(review.submitted_at) : receivedAt;
  const about = {
    repositoryId: repository.id,
    branch: pull.head.ref,
    pullRequestNumber: pull.number,
    headSha: review.commit_id ?? pull.head.sha,
    url: review.html_url,
  };
  await keepSignal(db.pool, {
    ...about,
    kind: "review",
    externalId: review.id,
    name: review.user?.login ?? "ghost",
    state,
    at: saidAt,
    rank: action === "dismissed" ? 1 : 0,
  });
  if (action === "dismissed") return;
  const text = review.body ?? "";
  const asks = state === "changes_requested" && text.trim() !== "";
  if (!asks && !(await mentionsAgent(db, text, { repositoryId: repository.id, number: pull.number }))) return;
  await offerRepair(db.pool, {
    ...about,
    source: `review:${review.id}`,
    kind: "comment",
    author: review.user?.login ?? null,
    text,
    trusted: isTrusted(review.author_association, review.user),
    saidAt,
  });
}
