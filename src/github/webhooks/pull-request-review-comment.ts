import { z } from "zod";
import type { DeliveryContext } from "#github/handle-delivery.ts";
import { offerRepair, withdrawRepair } from "#github/offer-repair.ts";
import { isTrusted, mentionsAgent } from "#github/webhooks/mentions.ts";

const Payload = z.looseObject({
  action: z.string(),
  repository: z.looseObject({ id: z.number() }),
  pull_request: z.looseObject({ number: z.int(), head: z.looseObject({ ref: z.string(), sha: z.string() }) }),
  comment: z.looseObject({
    id: z.number(),
    body: z.string(),
    path: z.string(),
    line: z.int().nullish(),
    original_line: z.int().nullish(),
    commit_id: z.string(),
    updated_at: z.string(),
    html_url: z.string(),
    author_association: z.string().default("NONE"),
    user: z.looseObject({ login: z.string(), type: z.string().optional() }).nullish(),
  }),
});

/** A comment at a line that calls the agent is a reason for another run. */
export async function handlePullRequestReviewComment(
  { db }: DeliveryContext,
  payload: unknown,
): Promise<void> {
  const { action, repository, pull_request: pull, comment } = Payload.parse(payload);
  const about = {
    repositoryId: repository.id,
    source: `comment:${comment.id}`,
    pullRequestNumber: pull.number,
    branch: pull.head.ref,
    headSha: comment.commit_id,
    saidAt: new Date(comment.updated_at),
  };
  if (action === "deleted") return withdrawRepair(db.pool, about);
  if (!(await mentionsAgent(db, comment.body, { repositoryId: repository.id, number: pull.number }))) return;
  const line = comment.line ?? comment.original_line;
  await offerRepair(db.pool, {
    ...about,
    kind: "comment",
    author: comment.user?.login ?? null,
    text: `${comment.path}${line ? `, line ${line}` : ""}:\n${comment.body}`,
    url: comment.html_url,
    trusted: isTrusted(comment.author_association, comment.user),
  });
}
