import { z } from "zod";
import type { DeliveryContext } from "#github/handle-delivery.ts";
import { keepCheck } from "#github/webhooks/checks.ts";

const Payload = z.looseObject({
  repository: z.looseObject({ id: z.number() }),
  check_suite: z.looseObject({
    id: z.number(),
    head_sha: z.string(),
    head_branch: z.string().nullable(),
    status: z.string().nullable(),
    conclusion: z.string().nullable(),
    updated_at: z.string(),
    app: z.looseObject({ name: z.string() }).nullish(),
  }),
});

export async function handleCheckSuite(context: DeliveryContext, payload: unknown): Promise<void> {
  const { repository, check_suite: suite } = Payload.parse(payload);
  await keepCheck(context, {
    repositoryId: repository.id,
    kind: "check_suite",
    externalId: suite.id,
    branch: suite.head_branch,
    headSha: suite.head_sha,
    name: suite.app?.name ?? "checks",
    status: suite.status ?? "queued",
    conclusion: suite.conclusion,
    at: new Date(suite.updated_at),
    url: null,
  });
}
