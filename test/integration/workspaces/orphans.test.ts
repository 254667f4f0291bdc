import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { newId } from "#platform/ids.ts";
import { LocalDriver } from "#workspaces/drivers/local/local-driver.ts";
import { readWorkspace } from "#workspaces/read-workspace.ts";
import { createRemoteWorkspaces, type RemoteWorkspaces } from "#workspaces/remote.ts";
import { freshDatabase, type TestDatabase } from "../../support/database.ts";
import { SECRETS, type Stack, startStack } from "../../support/stack.ts";
import { newUser, startRunner, workspaceHome } from "./local-desk.ts";

const PATIENCE = { timeout: 60_000 };

test("a runner that is killed leaves workspaces: the next adopts those that are to live, and ends the others", async () => {
  const stack = await startStack({ parts: ["runner"] });
  onTestFinished(() => stack.stop());
  const { db } = stack.database;
  const remote = createRemoteWorkspaces({ db, secret: SECRETS.CARREL_RUNNER_SECRET });
  const [lives, stopped, erased] = [await newUser(db), await newUser(db), await newUser(db)];
  const agentId = newId();
  for (const userId of [lives, stopped, erased]) await write(remote, userId, agentId);
  await stack.kill("runner");
  await db.prisma.workspace.update({ where: { userId: stopped }, data: { state: "stopped" } });
  await db.prisma.user.delete({ where: { id: erased } });
  const driver = new LocalDriver({ home: stack.home });
  expect((await driver.running()).sort()).toEqual([lives, stopped, erased].sort());
  await stack.restart("runner");
  await expect.poll(() => driver.running(), PATIENCE).toEqual([lives]);
  await expect.poll(() => owner(stack, lives), PATIENCE).not.toBeNull();
  await expect.poll(async () => (await driver.status(erased)).state, PATIENCE).toBe("absent");
  expect((await driver.status(stopped)).state).toBe("stopped");
  expect((await readWorkspace(db.pool, lives)).state).toBe("running");
  const mark = await remote.exec(lives, agentId, { language: "bash", code: "cat /tmp/mark" });
  expect(mark.stdout).toBe("here\n");
}, 240_000);

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

test("what another living runner owns on the same host is left to it", async () => {
  const home = await workspaceHome();
  const first = await startRunner(database.db, home, { leaseMs: 60_000 });
  const userId = await newUser(database.db);
  await first.workspaces.open(userId);
  const second = await startRunner(database.db, home, { leaseMs: 60_000, reconcileMs: 50 });
  const passed = await newUser(database.db);
  await second.workspaces.open(passed);
  await second.workspaces.look(newId());
  expect(first.workspaces.owns(userId)).toBe(true);
  expect((await new LocalDriver({ home }).running()).sort()).toEqual([userId, passed].sort());
});

test("one that ended by itself is written down as stopped, and its place is free", async () => {
  const home = await workspaceHome();
  const runner = await startRunner(database.db, home, {
    leaseMs: 60_000,
    reconcileMs: 100,
    maxWorkspaces: 1,
  });
  const userId = await newUser(database.db);
  await runner.workspaces.open(userId);
  await new LocalDriver({ home }).stop(userId);
  await expect
    .poll(async () => (await readWorkspace(database.db.pool, userId)).state, PATIENCE)
    .toBe("stopped");
  expect(runner.workspaces.load.workspaces).toBe(0);
});

test("one that was idle before its runner died is not young again with the next", async () => {
  const home = await workspaceHome();
  const first = await startRunner(database.db, home, { leaseMs: 60_000 });
  const userId = await newUser(database.db);
  await first.workspaces.open(userId);
  await first.workspaces.close();
  const anHourAgo = new Date(Date.now() - 3_600_000);
  await database.db.prisma.workspace.update({ where: { userId }, data: { usedAt: anHourAgo } });
  await startRunner(database.db, home, {
    leaseMs: 60_000,
    keepMs: 100,
    rest: { pauseAfterMs: 0, stopAfterMs: 1_800_000 },
  });
  await expect
    .poll(async () => (await readWorkspace(database.db.pool, userId)).state, PATIENCE)
    .toBe("stopped");
});

async function write(remote: RemoteWorkspaces, userId: string, agentId: string): Promise<void> {
  const code = "echo here > /tmp/mark; echo kept > file";
  expect(await remote.exec(userId, agentId, { language: "bash", code })).toMatchObject({ exitCode: 0 });
}

async function owner(stack: Stack, userId: string): Promise<string | null> {
  const row = await stack.database.db.prisma.workspace.findUniqueOrThrow({ where: { userId } });
  return row.leaseUntil && row.leaseUntil > new Date() ? row.runnerId : null;
}
