import { z } from "zod";
import type { DeliveryContext } from "#github/handle-delivery.ts";
import { keepCheck } from "#github/webhooks/checks.ts";

const Payload = z.looseObject({
  repository: z.looseObject({ id: z.number() }),
  check_run: z.looseObject({
    id: z.number(),
    name: z.string(),
    head_sha: z.string(),
    status: z.string(),
    conclusion: z.string().nullable(),
    started_at: z.string().nullish(),
    completed_at: z.string().nullish(),
    html_url: z.string().nullish(),
    check_suite: z.looseObject({ head_branch: z.string().nullish() }).nullish(),
  }),
});

export async function handleCheckRun(context: DeliveryContext, payload: unknown): Promise<void> {
  const { repository, check_run: run } = Payload.parse(payload);
  const at = run.completed_at ?? run.started_at;
  await keepCheck(context, {
    repositoryId: repository.id,
    kind: "check_run",
    externalId: run.id,
    branch: run.check_suite?.head_branch ?? null,
    headSha: run.head_sha,
    name: run.name,
    status: run.status,
    conclusion: run.conclusion,
    at: at ? new Date(at) : context.receivedAt,
    url: run.html_url ?? null,
  });
}
