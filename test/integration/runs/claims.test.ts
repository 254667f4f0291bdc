import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { readEvents } from "#events/log.ts";
import { claimRun } from "#runs/execution/claim-run.ts";
import { submitMessage } from "#runs/submit-message.ts";
import { type Desk, makeDesk, runState, slotsHeld, until } from "../../support/runs.ts";
import { mostAtOnce } from "../../support/toy-runners.ts";
import { toySuite } from "../../support/toy-suite.ts";

const suite = toySuite();

/** `each` runs for every agent of the desk. */
async function submit(desk: Desk, each: number): Promise<string[]> {
  const ids: string[] = [];
  for (const agentId of Array.from({ length: each }, () => desk.agents).flat()) {
    const { run } = await submitMessage(suite.db, { userId: desk.userId, agentId, text: "go" });
    ids.push(run.id);
  }
  return ids;
}

async function ended(ids: string[]): Promise<boolean> {
  const { rows } = await suite.db.pool.query<{ n: number }>(
    "SELECT count(*) AS n FROM runs WHERE id = ANY($1) AND status = 'succeeded'",
    [ids],
  );
  return rows[0]?.n === ids.length;
}

/** The log of a run that nobody disturbed, as words. */
const UNDISTURBED = [
  "run_status queued",
  "run_status running",
  ...["one", "two", "three"].flatMap((name) => [
    `step running r1/${name}`,
    `notice ${name} begins`,
    `notice ${name} ends`,
    `step done r1/${name}`,
  ]),
  "run_status succeeded",
];

async function logOf(runId: string): Promise<string[]> {
  const events = await readEvents(suite.db.pool, runId, 0, 1000);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  return events.map((event) => {
    if (event.type === "run_status") return `run_status ${event.status}`;
    if (event.type === "step") return `step ${event.status} ${event.key}`;
    return event.type === "notice" ? `notice ${event.text}` : event.type;
  });
}

test("two runners with twenty claimers each never run more than a user's cap, though one is killed and one freezes", async () => {
  const desks = [
    await makeDesk(suite.db, { agents: 8, maxRuns: 3 }),
    await makeDesk(suite.db, { agents: 8, maxRuns: 3 }),
    await makeDesk(suite.db, { agents: 8, maxRuns: 1 }),
  ];
  const runs = await Promise.all(desks.map((desk) => submit(desk, 3)));
  const all = runs.flat();
  const [killed, frozen] = [suite.start(), suite.start()];
  await until("both work", async () => killed.said.length > 3 && frozen.said.length > 3);
  killed.signal("SIGKILL");
  await killed.ended;
  const killedAt = Date.now();
  frozen.signal("SIGSTOP");
  const frozenAt = Date.now();
  const rescuer = suite.start();
  await until("all have ended without the frozen one", () => ended(all));
  const seqs = await Promise.all(all.map(async (id) => (await runState(suite.db, id)).lastSeq));
  frozen.signal("SIGCONT");
  // Long enough for a woken runner to do what it would do wrong.
  await pause(1_500);
  expect(await Promise.all(all.map(async (id) => (await runState(suite.db, id)).lastSeq))).toEqual(seqs);
  for (const id of all) expect(await logOf(id)).toEqual(UNDISTURBED);
  for (const [index, desk] of desks.entries()) {
    const cap = index === 2 ? 1 : 3;
    const most = mostAtOnce(
      [
        { said: killed.said, deadAt: killedAt },
        { said: frozen.said, deadAt: frozenAt },
        { said: rescuer.said },
      ],
      new Set(runs[index]),
    );
    expect(most).toBeLessThanOrEqual(cap);
    expect(await slotsHeld(suite.db, desk.userId)).toBe(0);
  }
}, 90_000);

test("a runner that is asked to stop hands its runs over at once, and nothing shows in the log", async () => {
  const desk = await makeDesk(suite.db, { agents: 2 });
  const ids = await submit(desk, 1);
  const first = suite.start({ stepMs: 700 });
  await until("both are begun", async () => first.said.length === 2);
  first.signal("SIGTERM");
  await first.ended;
  expect(await slotsHeld(suite.db, desk.userId)).toBe(2);
  suite.start();
  await until("both have ended", () => ended(ids));
  for (const id of ids) expect(await logOf(id)).toEqual(UNDISTURBED);
  expect(await slotsHeld(suite.db, desk.userId)).toBe(0);
});

test("a backlog of one user does not keep another waiting, and who has fewer running comes first", async () => {
  const busy = await makeDesk(suite.db, { agents: 5, maxRuns: 3 });
  const quiet = await makeDesk(suite.db, { agents: 1 });
  await submit(busy, 4);
  await submit(quiet, 1);
  const claimer = { runnerId: "one", takeWorkspace: async () => true };
  const order: string[] = [];
  for (let n = 0; n < 4; n += 1) {
    const claim = await claimRun(suite.db.pool, claimer);
    if (claim !== null && claim !== "contended") order.push(claim.userId);
  }
  expect(order).toEqual([busy.userId, quiet.userId, busy.userId, busy.userId]);
});

test("an agent has one run at a time, the oldest first", async () => {
  const desk = await makeDesk(suite.db, { agents: 1 });
  const [first, second] = await submit(desk, 2);
  const claimer = { runnerId: "one", takeWorkspace: async () => true };
  expect(await claimRun(suite.db.pool, claimer)).toMatchObject({ runId: first });
  expect(await claimRun(suite.db.pool, claimer)).toBeNull();
  expect((await runState(suite.db, second as string)).status).toBe("queued");
});

test("a run whose workspace another living runner owns is left to that runner", async () => {
  const desk = await makeDesk(suite.db, { agents: 1 });
  const [runId] = await submit(desk, 1);
  await suite.db.pool.query(
    `INSERT INTO workspaces (user_id, driver, state, runner_id, lease_until)
     VALUES ($1, 'local', 'running', 'other', now() + interval '1 hour')`,
    [desk.userId],
  );
  const refuse = { runnerId: "one", takeWorkspace: async () => false };
  expect(await claimRun(suite.db.pool, refuse)).toBeNull();
  await suite.db.pool.query("UPDATE workspaces SET lease_until = now() - interval '1 second'");
  expect(await claimRun(suite.db.pool, refuse)).toBe("contended");
  expect((await runState(suite.db, runId as string)).status).toBe("queued");
  expect(await slotsHeld(suite.db, desk.userId)).toBe(0);
  const take = { runnerId: "one", takeWorkspace: async () => true };
  expect(await claimRun(suite.db.pool, take)).toMatchObject({ runId });
});
