import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#platform/ids.ts";
import { createRemoteWorkspaces } from "#workspaces/remote.ts";
import { freshDatabase, type TestDatabase } from "../../support/database.ts";
import { newUser, SECRET, startRunner, workspaceHome } from "./local-desk.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

const row = async (userId: string) => database.db.prisma.workspace.findUniqueOrThrow({ where: { userId } });

test("two runners that open one workspace at once: one owns it, the other says that it is elsewhere", async () => {
  const home = await workspaceHome();
  const runners = [await startRunner(database.db, home), await startRunner(database.db, home)];
  const userId = await newUser(database.db);
  const opened = await Promise.allSettled(runners.map(({ workspaces }) => workspaces.open(userId)));
  expect(opened.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const refused = opened.find((each) => each.status === "rejected");
  expect(refused?.reason).toMatchObject({ code: "conflict", details: { moved: true } });
  const owner = runners.find(({ workspaces }) => workspaces.owns(userId));
  expect(await row(userId)).toMatchObject({
    runnerId: owner?.id,
    state: "running",
    fence: 1,
    driver: "local",
  });
});

test("when an owner lets go the next one finds the same workspace, still running", async () => {
  const home = await workspaceHome();
  const first = await startRunner(database.db, home);
  const second = await startRunner(database.db, home);
  const [userId, agentId] = [await newUser(database.db), newId()];
  const mark = { argv: ["bash", "-c", "echo here > /tmp/mark"], timeoutMs: 5000 };
  await (await first.workspaces.open(userId)).agent(agentId).exec(mark);
  await first.workspaces.close();
  const opened = await second.workspaces.open(userId);
  const result = await opened.agent(agentId).exec({ argv: ["cat", "/tmp/mark"], timeoutMs: 5000 });
  expect(result.stdout).toBe("here\n");
  expect((await row(userId)).fence).toBe(2);
});

test("an owner that did not renew loses it: what it still holds is refused, and web goes to the new one", async () => {
  const home = await workspaceHome();
  const sleeper = await startRunner(database.db, home, { leaseMs: 8_000, renewMs: 3_600_000 });
  const [userId, agentId] = [await newUser(database.db), newId()];
  const held = (await sleeper.workspaces.open(userId)).agent(agentId);
  await held.write("file", "old owner");
  await expect.poll(() => sleeper.workspaces.owns(userId), { timeout: 10_000 }).toBe(false);
  await expect(held.write("file", "too late")).rejects.toMatchObject({ code: "conflict" });

  const next = await startRunner(database.db, home);
  const open = () =>
    next.workspaces.open(userId).then(
      () => "open",
      (error: { code: string }) => error.code,
    );
  await expect.poll(open, { timeout: 30_000 }).toBe("open");
  await expect(held.write("file", "too late")).rejects.toMatchObject({ code: "conflict" });
  const remote = createRemoteWorkspaces({ db: database.db, secret: SECRET });
  await remote.writeFile(
    userId,
    agentId,
    "file",
    (async function* () {
      yield Buffer.from("new owner");
    })(),
  );
  await expect(sleeper.workspaces.open(userId)).rejects.toMatchObject({ details: { moved: true } });
  expect((await row(userId)).runnerId).toBe(next.id);
});

test("a runner that keeps renewing keeps it longer than one lease", async () => {
  const runner = await startRunner(database.db, await workspaceHome(), { leaseMs: 2_500, renewMs: 200 });
  const userId = await newUser(database.db);
  await runner.workspaces.open(userId);
  const first = (await row(userId)).leaseUntil?.getTime() ?? 0;
  await expect
    .poll(async () => (await row(userId)).leaseUntil?.getTime(), { timeout: 10_000 })
    .toBeGreaterThan(first + 2_500);
  expect(runner.workspaces.owns(userId)).toBe(true);
  expect((await row(userId)).fence).toBe(1);
});

test("a host runs no more workspaces than it may, and has room again when one stops", async () => {
  const runner = await startRunner(database.db, await workspaceHome(), {
    maxWorkspaces: 1,
    queueMs: 300,
    roomIdleMs: 3_600_000,
  });
  const [one, two] = [await newUser(database.db), await newUser(database.db)];
  await runner.workspaces.open(one);
  await expect(runner.workspaces.open(two)).rejects.toMatchObject({ code: "unavailable" });
  await runner.workspaces.stop(one);
  await runner.workspaces.open(two);
});

test("a runner that ends for good stops the workspaces of its host, also those that an earlier one started", async () => {
  const home = await workspaceHome();
  const earlier = await startRunner(database.db, home);
  const userId = await newUser(database.db);
  await earlier.workspaces.open(userId);
  await earlier.workspaces.close();
  const last = await startRunner(database.db, home);
  await last.workspaces.close({ stop: true });
  expect(await row(userId)).toMatchObject({ state: "stopped", runnerId: null });
});
