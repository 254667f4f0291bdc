import type pg from "pg";
import type { EditedPlan } from "#engines/edit-plan.ts";
import { appendEvents } from "#events/log.ts";
import { type Database, inTransaction } from "#platform/db.ts";
import { AppError, isAppError } from "#platform/errors.ts";
import { type LineComment, sayLineComments } from "#runs/line-comments.ts";
import { type RunView, readRun } from "#runs/read-run.ts";
import { addMessage } from "#runs/transitions/add-message.ts";
import { addPublishedVersion } from "#runs/transitions/add-published-version.ts";
import { putEditedPlan } from "#runs/transitions/edit-plan.ts";
import { endIdleRun } from "#runs/transitions/end-run.ts";
import { type LockedRun, lockRun } from "#runs/transitions/lock-agent.ts";
import { requestChanges } from "#runs/transitions/request-changes.ts";
import { announceWork } from "#runs/work-channel.ts";

export interface ReviewAnswer {
  userId: string;
  runId: string;
  decision: "approve" | "request_changes" | "reject";
  /** the tree the person looked at; another one than the review's is refused */
  treeHash?: string;
  comment?: string;
  /** on lines of the result; only with `request_changes` and `treeHash` */
  comments?: LineComment[];
  option?: string;
  /** of a plan: what to carry out in the place of what was proposed */
  plan?: EditedPlan;
}

interface OpenReview {
  id: string;
  kind: string;
  tree_hash: string | null;
}

/**
 * A person's answer. Approving a result stores the version and ends the run in one transaction; approving anything
 * else queues the run again; a request for changes queues its next round; a rejected run ends as cancelled.
 * @throws AppError not_found; conflict when nothing awaits review or the tree is another; bad_request without a comment
 *   where one is needed, or with a plan that cannot be carried out
 */
export async function answerReview(db: Database, answer: ReviewAnswer): Promise<RunView> {
  const wish = await wishOf(db, answer);
  await inTransaction(db.pool, async (client) => {
    const run = await lockRun(client, answer.userId, answer.runId);
    const review = await openReview(client, run);
    if (answer.treeHash !== undefined && answer.treeHash !== review.tree_hash) throw stale();
    if (answer.plan) await acceptEdit(client, run, review, answer);
    if (answer.decision === "request_changes") return await askForChanges(client, run, answer, wish);
    await closeReview(client, review.id, answer);
    if (answer.decision === "reject") return await endIdleRun(client, run.id, "cancelled", "rejected");
    if (review.kind === "result") return await acceptResult(client, run, review);
    await client.query("UPDATE runs SET status = 'queued' WHERE id = $1", [run.id]);
    await appendEvents(client, { runId: run.id }, [
      { body: { type: "run_status", status: "queued", detail: `${review.kind} approved` } },
    ]);
    await announceWork(client, { kind: "claim" });
  });
  return readRun(db, answer.userId, answer.runId);
}

async function openReview(client: pg.PoolClient, run: LockedRun): Promise<OpenReview> {
  const { rows } = await client.query<OpenReview>(
    "SELECT id, kind, tree_hash FROM reviews WHERE run_id = $1 AND decision IS NULL",
    [run.id],
  );
  if (run.status !== "awaiting_review" || !rows[0])
    throw new AppError("conflict", "This run does not await a review now.");
  return rows[0];
}

async function closeReview(client: pg.PoolClient, id: string, answer: ReviewAnswer): Promise<void> {
  await client.query(
    "UPDATE reviews SET decision = $2, comment = $3, option = $4, decided_at = now() WHERE id = $1",
    [id, answer.decision, answer.comment ?? null, answer.option ?? null],
  );
}

function stale(): AppError {
  return new AppError("conflict", "The files have changed since. Look at the result again, then decide.");
}

/** What should change, in words, before anything is locked. */
async function wishOf(db: Database, answer: ReviewAnswer): Promise<string> {
  const { userId, treeHash, comment = "", comments = [] } = answer;
  if (comments.length === 0) return comment.trim();
  if (answer.decision !== "request_changes")
    throw new AppError("bad_request", "`comments` on lines go with the decision `request_changes`.");
  if (treeHash === undefined)
    throw new AppError("bad_request", "Say in `treeHash` which result the `comments` are about.");
  return sayLineComments(db, { userId, treeHash, comment, comments }).catch((error: unknown) => {
    throw isAppError(error) && error.code === "not_found" ? stale() : error;
  });
}

/** The person's plan takes the place of the proposed one, and is approved with it. */
async function acceptEdit(
  client: pg.PoolClient,
  run: LockedRun,
  review: OpenReview,
  { userId, decision, plan }: ReviewAnswer,
): Promise<void> {
  if (!plan || review.kind !== "plan" || decision !== "approve")
    throw new AppError("bad_request", "plan: goes with the approval of a plan, and with nothing else.");
  await putEditedPlan(client, run, userId, plan);
}

async function askForChanges(
  client: pg.PoolClient,
  run: LockedRun,
  answer: ReviewAnswer,
  text: string,
): Promise<void> {
  if (!text)
    throw new AppError("bad_request", "Say in `comment`, or in `comments` on lines, what should change.");
  const { userId, runId } = answer;
  await addMessage(client, { userId, agentId: run.agent_id, runId, role: "user", text });
  await requestChanges(client, run, text);
  await announceWork(client, { kind: "claim" });
}

async function acceptResult(client: pg.PoolClient, run: LockedRun, review: OpenReview): Promise<void> {
  if (!review.tree_hash) throw new AppError("internal", "The review holds no tree.");
  await addPublishedVersion(client, { agentId: run.agent_id, runId: run.id, treeHash: review.tree_hash });
  await endIdleRun(client, run.id, "succeeded");
}
