import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#platform/ids.ts";
import { LocalDriver } from "#workspaces/drivers/local/local-driver.ts";
import { noteWatchers } from "#workspaces/note-watchers.ts";
import { readWorkspace } from "#workspaces/read-workspace.ts";
import { freshDatabase, type TestDatabase } from "../../support/database.ts";
import { newUser, startRunner, workspaceHome } from "./local-desk.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

const SOON = { keepMs: 50, rest: { pauseAfterMs: 0, stopAfterMs: 300 }, leaseMs: 60_000 };
const SOMEDAY = new Date(Date.now() + 3_600_000);
const PATIENCE = { timeout: 30_000 };
const state = async (userId: string) => (await readWorkspace(database.db.pool, userId)).state;

test("what nobody uses is stopped, and the next use finds its files", async () => {
  const { workspaces } = await startRunner(database.db, await workspaceHome(), SOON);
  const [userId, agentId] = [await newUser(database.db), newId()];
  await (await workspaces.open(userId)).agent(agentId).write("file", "kept");
  await expect.poll(() => state(userId), PATIENCE).toBe("stopped");
  expect((await (await workspaces.open(userId)).agent(agentId).read("file")).toString()).toBe("kept");
});

test("a socket that is open, a run that is on and a command that runs keep it from its rest", async () => {
  const home = await workspaceHome();
  // Long enough that a slow machine says in time who watches.
  const rest = { pauseAfterMs: 0, stopAfterMs: 1_500 };
  const { workspaces } = await startRunner(database.db, home, { ...SOON, rest });
  const [watched, running, busy, idle] = await Promise.all([1, 2, 3, 4].map(() => newUser(database.db)));
  if (!watched || !running || !busy || !idle) throw new Error("no users");
  for (const userId of [watched, running, busy, idle]) {
    if (userId === running) await startedRun(running);
    const workspace = await workspaces.open(userId);
    if (userId === watched) await noteWatchers(database.db.pool, [watched]);
    if (userId === busy)
      workspace
        .agent("one")
        .exec({ argv: ["sleep", "600"], timeoutMs: 600_000 })
        .catch(() => undefined);
  }
  await expect.poll(() => state(idle), PATIENCE).toBe("stopped");
  await sleep(2_000);
  expect(await Promise.all([watched, running, busy].map(state))).toEqual(["running", "running", "running"]);
  await database.db.prisma.run.updateMany({
    where: { userId: running },
    data: { status: "succeeded", owner: null, leaseUntil: null },
  });
  await database.db.prisma.workspace.update({
    where: { userId: watched },
    data: { watchedUntil: new Date() },
  });
  await expect
    .poll(async () => [await state(watched), await state(running)], PATIENCE)
    .toEqual(["stopped", "stopped"]);
  expect(await state(busy)).toBe("running");
});

test("who comes at the very moment of its rest finds it up, every time", async () => {
  const { workspaces } = await startRunner(database.db, await workspaceHome(), {
    ...SOON,
    keepMs: 5,
    rest: { pauseAfterMs: 0, stopAfterMs: 20 },
  });
  const [userId, agentId] = [await newUser(database.db), newId()];
  const starts = new Set<number>();
  for (let round = 0; round < 12; round++) {
    const use = async (n: number) => {
      const directory = (await workspaces.open(userId)).agent(agentId);
      await directory.write(`${round}-${n}`, String(n));
      return (await directory.read(`${round}-${n}`)).toString();
    };
    expect(await Promise.all([0, 1, 2, 3].map(use))).toEqual(["0", "1", "2", "3"]);
    const { startedAt } = await database.db.prisma.workspace.findUniqueOrThrow({ where: { userId } });
    starts.add(startedAt?.getTime() ?? 0);
    await sleep(10 + Math.random() * 60);
  }
  expect(starts.size).toBeGreaterThan(1);
});

test("looking at it wakes nothing", async () => {
  const home = await workspaceHome();
  const { workspaces } = await startRunner(database.db, home, SOON);
  const userId = await newUser(database.db);
  await workspaces.open(userId);
  await expect.poll(() => state(userId), PATIENCE).toBe("stopped");
  for (let look = 0; look < 5; look++) await workspaces.look(userId);
  expect((await new LocalDriver({ home }).status(userId)).state).toBe("stopped");
});

async function startedRun(userId: string): Promise<void> {
  const { prisma } = database.db;
  const agent = await prisma.agent.create({ data: { userId, name: "one", policy: {} } });
  await prisma.run.create({
    data: {
      userId,
      agentId: agent.id,
      engine: "builder",
      model: "demo",
      status: "running",
      owner: "one",
      leaseUntil: SOMEDAY,
    },
  });
}
