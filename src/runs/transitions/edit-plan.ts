import type pg from "pg";
import { type EditedPlan, editPlan, PLAN_STEP, treeOfPlan } from "#engines/edit-plan.ts";
import { appendEvents } from "#events/log.ts";
import { AppError } from "#platform/errors.ts";
import { storableJson } from "#platform/storable.ts";
import type { LockedRun } from "#runs/transitions/lock-agent.ts";
import { readTree } from "#snapshots/read-tree.ts";

/**
 * Makes a person's plan the result of the round's plan step, so that whatever goes on from there, after a crash and in
 * later rounds as well, goes on from it. Its quote is made anew when the run goes on. The caller holds the run's lock.
 * @throws AppError bad_request with all that is wrong with it
 */
export async function putEditedPlan(
  client: pg.PoolClient,
  run: LockedRun,
  userId: string,
  plan: EditedPlan,
): Promise<void> {
  const step = [run.id, `r${run.round}/${PLAN_STEP}`];
  const { rows } = await client.query<{ result: unknown }>(
    "SELECT result FROM run_steps WHERE run_id = $1 AND key = $2 AND status = 'done'",
    step,
  );
  if (!rows[0]) throw new AppError("conflict", "The plan of this run cannot be edited.");
  const tree = await readTree({ pool: client }, userId, treeOfPlan(rows[0].result));
  const edited = editPlan(
    rows[0].result,
    plan,
    tree.map(({ path }) => path),
  );
  if (edited.problems.length > 0) {
    const errors = edited.problems.map((message) => ({ path: "plan", message }));
    throw new AppError("bad_request", edited.problems.join(" "), { details: { errors } });
  }
  await client.query("UPDATE run_steps SET result = $3 WHERE run_id = $1 AND key = $2", [
    ...step,
    storableJson(edited.result),
  ]);
  await client.query("UPDATE runs SET quote = NULL WHERE id = $1", [run.id]);
  await appendEvents(client, { runId: run.id }, [{ body: { type: "plan", entries: edited.entries } }]);
}
