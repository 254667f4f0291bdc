import { afterAll, beforeAll, expect, test } from "vitest";
import type { AppError } from "#platform/errors.ts";
import { noteWatchers } from "#workspaces/note-watchers.ts";
import { readWorkspace } from "#workspaces/read-workspace.ts";
import { freshDatabase, type TestDatabase } from "../../support/database.ts";
import { newUser, startRunner, workspaceHome } from "./local-desk.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

const PATIENCE = { timeout: 30_000 };
const ONE = { maxWorkspaces: 1, leaseMs: 60_000, roomIdleMs: 3_600_000, queueMs: 120_000 };
const look = (userId: string) => readWorkspace(database.db.pool, userId);
const users = async (count: number) => Promise.all(Array.from({ length: count }, () => newUser(database.db)));

test("who finds the host full waits in line, sees the place, and is served first come first", async () => {
  const { workspaces } = await startRunner(database.db, await workspaceHome(), ONE);
  const [holder = "", first = "", second = ""] = await users(3);
  await workspaces.open(holder);
  const served: string[] = [];
  const opening = workspaces.open(first).then(() => served.push("first"));
  await expect.poll(async () => (await look(first)).queue, PATIENCE).toEqual({ place: 1 });
  const next = workspaces.open(second).then(() => served.push("second"));
  await expect.poll(async () => (await look(second)).queue, PATIENCE).toEqual({ place: 2 });
  expect(workspaces.load).toMatchObject({ workspaces: 1, maxWorkspaces: 1, waiting: 2 });
  await workspaces.stop(holder);
  await opening;
  await expect.poll(async () => (await look(second)).queue, PATIENCE).toEqual({ place: 1 });
  expect((await look(first)).queue).toBeNull();
  expect(served).toEqual(["first"]);
  await workspaces.stop(first);
  await next;
  expect(served).toEqual(["first", "second"]);
  await expect.poll(async () => (await look(second)).queue, PATIENCE).toBeNull();
});

test("who waited too long is told the place in line, and has it again on coming back", async () => {
  const runner = await startRunner(database.db, await workspaceHome(), { ...ONE, queueMs: 500 });
  const { workspaces } = runner;
  const [holder = "", early = "", late = ""] = await users(3);
  await workspaces.open(holder);
  await expect(workspaces.open(early)).rejects.toMatchObject({
    code: "unavailable",
    details: { reason: "host_full", place: 1 },
  });
  const waiting = workspaces.open(late).catch((error: AppError) => error.details);
  const again = workspaces.open(early).catch((error: AppError) => error.details);
  expect(await again).toMatchObject({ place: 1 });
  expect(await waiting).toMatchObject({ reason: "host_full" });
});

test("one that nobody uses is stopped for who waits; one that somebody looks at is not", async () => {
  const { workspaces } = await startRunner(database.db, await workspaceHome(), {
    ...ONE,
    maxWorkspaces: 2,
    roomIdleMs: 0,
  });
  const [watched = "", idle = "", comes = ""] = await users(3);
  await workspaces.open(watched);
  await noteWatchers(database.db.pool, [watched]);
  await workspaces.open(idle);
  await workspaces.open(comes);
  expect((await look(watched)).state).toBe("running");
  expect((await look(idle)).state).toBe("stopped");
});

test("who is stopped while waiting waits no more", async () => {
  const { workspaces } = await startRunner(database.db, await workspaceHome(), ONE);
  const [holder = "", waits = ""] = await users(2);
  await workspaces.open(holder);
  const opening = workspaces.open(waits);
  const outcome = opening.catch((error: unknown) => error);
  await expect.poll(async () => (await look(waits)).queue, PATIENCE).toEqual({ place: 1 });
  await workspaces.stop(waits);
  expect(await outcome).toMatchObject({ code: "conflict" });
  await expect.poll(async () => (await look(waits)).queue, PATIENCE).toBeNull();
});

test("a host that is short of memory or disk starts nothing, and says of what", async () => {
  const [comes = ""] = await users(1);
  for (const [floor, short] of [
    [{ memoryBytes: 2 ** 60, diskBytes: 0 }, "memory"],
    [{ memoryBytes: 0, diskBytes: 2 ** 60 }, "disk"],
  ] as const) {
    const { workspaces } = await startRunner(database.db, await workspaceHome(), {
      ...ONE,
      maxWorkspaces: 50,
      queueMs: 300,
      floor,
    });
    expect(workspaces.claimable()).toEqual([]);
    await expect(workspaces.open(comes)).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining(short),
      details: { reason: "host_short" },
    });
    expect(await look(comes)).toMatchObject({ hostShort: short });
    await workspaces.close();
  }
});

test("many who open at once and go again are all served, and no more run at once than may", async () => {
  const { workspaces } = await startRunner(database.db, await workspaceHome(), { ...ONE, maxWorkspaces: 2 });
  const most: number[] = [];
  await Promise.all(
    (await users(7)).map(async (userId) => {
      await workspaces.open(userId);
      const { rows } = await database.db.pool.query<{ count: number }>(
        "SELECT count(*) AS count FROM workspaces WHERE state = 'running' AND runner_id IS NOT NULL AND user_id = ANY($1)",
        [[userId]],
      );
      most.push(workspaces.load.workspaces);
      expect(rows[0]?.count).toBe(1);
      await workspaces.stop(userId);
    }),
  );
  expect(Math.max(...most)).toBeLessThanOrEqual(2);
  expect(workspaces.load).toMatchObject({ workspaces: 0, waiting: 0 });
}, 120_000);
