import type { GitHub } from "#github/app.ts";
import { handleCheckRun } from "#github/webhooks/check-run.ts";
import { handleCheckSuite } from "#github/webhooks/check-suite.ts";
import { handleAuthorization } from "#github/webhooks/github-app-authorization.ts";
import { handleInstallation } from "#github/webhooks/installation.ts";
import { handleInstallationRepositories } from "#github/webhooks/installation-repositories.ts";
import { handlePullRequest } from "#github/webhooks/pull-request.ts";
import { handlePullRequestReview } from "#github/webhooks/pull-request-review.ts";
import { handlePullRequestReviewComment } from "#github/webhooks/pull-request-review-comment.ts";
import { handlePush } from "#github/webhooks/push.ts";
import { handleRepository } from "#github/webhooks/repository.ts";
import type { Database } from "#platform/db.ts";
import type { Logger } from "#platform/log.ts";

/** What a handler works with. It may be called again for the same delivery, late, and in any order with others. */
export interface DeliveryContext {
  db: Database;
  github: GitHub;
  log: Logger;
  /** when the delivery arrived here */
  receivedAt: Date;
}

export type DeliveryHandler = (context: DeliveryContext, payload: unknown) => Promise<void>;

/** One event, one file. */
const HANDLERS: Record<string, DeliveryHandler> = {
  check_run: handleCheckRun,
  check_suite: handleCheckSuite,
  github_app_authorization: handleAuthorization,
  installation: handleInstallation,
  installation_repositories: handleInstallationRepositories,
  pull_request: handlePullRequest,
  pull_request_review: handlePullRequestReview,
  pull_request_review_comment: handlePullRequestReviewComment,
  push: handlePush,
  repository: handleRepository,
};

/** Works one delivery off. What nobody handles is done. */
export async function handleDelivery(
  context: DeliveryContext,
  event: string,
  payload: unknown,
): Promise<void> {
  if (Object.hasOwn(HANDLERS, event)) await HANDLERS[event]?.(context, payload);
}
