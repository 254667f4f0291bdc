import { z } from "zod";
import type { DeliveryContext } from "#github/handle-delivery.ts";
import { doubtBranch } from "#github/pull-requests.ts";

const Payload = z.looseObject({ ref: z.string(), repository: z.looseObject({ id: z.number() }) });

/** A branch moved, was made or deleted. Pushes carry no order of their own, so GitHub is asked what that means. */
export async function handlePush({ db }: DeliveryContext, payload: unknown): Promise<void> {
  const { ref, repository } = Payload.parse(payload);
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
  if (branch) await doubtBranch(db.pool, repository.id, branch);
}
