import { expect, test } from "vitest";
import { appendEvents, readEvents } from "#events/log.ts";
import { type ClaimedRun, claimRun } from "#runs/execution/claim-run.ts";
import { handOverRun } from "#runs/execution/leave-run.ts";
import { submitMessage } from "#runs/submit-message.ts";
import { makeDesk, runState, slotsHeld, until } from "../../support/runs.ts";
import { toySuite } from "../../support/toy-suite.ts";

const suite = toySuite();

async function submit(): Promise<{ runId: string; userId: string }> {
  const desk = await makeDesk(suite.db);
  const [agentId = ""] = desk.agents;
  const { run } = await submitMessage(suite.db, { userId: desk.userId, agentId, text: "go" });
  return { runId: run.id, userId: desk.userId };
}

test("a run that stands still under a living runner is named, taken up again, and ended when it never comes on", async () => {
  const { runId, userId } = await submit();
  suite.start({ stepMs: 600_000, standsStillMs: 500 });
  await until("its end", async () => (await runState(suite.db, runId)).status === "failed", 110_000);

  const { error } = await runState(suite.db, runId);
  expect(error).toMatchObject({ code: "timeout" });
  expect(error?.detail).toContain("taken up 5 times in a row and never came on, at “one”");
  expect(await slotsHeld(suite.db, userId)).toBe(0);
  const events = await readEvents(suite.db.pool, runId, 0, 1000);
  const warnings = events.flatMap((event) =>
    event.type === "notice" && event.level === "warning" ? [event.text] : [],
  );
  // The first execution came as far as its first step.
  expect(warnings).toHaveLength(6);
  expect(new Set(warnings).size).toBe(1);
  expect(warnings[0]).toContain("Nothing has come of it for 1 seconds, at “one”");
}, 120_000);

test("what counts are runners that die without a word, in a row", async () => {
  const { pool } = suite.db;
  const { runId } = await submit();
  const claim = async () => {
    const claimed = await claimRun(pool, { runnerId: "r", takeWorkspace: async () => true });
    return claimed as ClaimedRun;
  };
  // Long enough ago for any pause that is kept before the next one.
  const die = () =>
    pool.query("UPDATE runs SET lease_until = now() - interval '1 hour' WHERE id = $1", [runId]);
  const idle: number[] = [];
  for (let n = 0; n < 4; n += 1) {
    idle.push((await claim()).idleClaims);
    await die();
  }
  expect(idle).toEqual([0, 1, 2, 3]);
  expect((await claim()).idleClaims).toBe(4);
  await pool.query("UPDATE runs SET lease_until = now() - interval '1 s' WHERE id = $1", [runId]);
  expect(await claim()).toBe(null);
  await die();

  const { fence } = await claim();
  await appendEvents(pool, { runId, fence }, [{ body: { type: "notice", level: "info", text: "on" } }]);
  await die();
  const working = await claim();
  expect(working.idleClaims).toBe(0);
  await die();
  const given = await claim();
  expect(given.idleClaims).toBe(1);
  await handOverRun(pool, given);
  expect((await claim()).idleClaims).toBe(0);
});
