import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inTransaction } from "#platform/db.ts";
import { releaseWorkspace, renewWorkspaces, takeWorkspace } from "#workspaces/ownership.ts";
import { findRunnerFor, type RunnerLoad, registerRunner, removeRunner } from "#workspaces/runner-registry.ts";
import { freshDatabase, type TestDatabase } from "../../support/database.ts";
import { newUser } from "./local-desk.ts";

const ROOM: RunnerLoad = { workspaces: 0, maxWorkspaces: 50, short: null };

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

const take = (userId: string, runnerId: string, leaseMs = 60_000) =>
  inTransaction(database.db.pool, (client) =>
    takeWorkspace(client, { userId, runnerId, address: `http://${runnerId}`, leaseMs }),
  );

test("of many runners that race for a workspace one gets it, and it keeps its fence", async () => {
  const userId = await newUser(database.db);
  const taken = await Promise.all(Array.from({ length: 20 }, (_, i) => take(userId, `racer-${i}`)));
  const winners = taken.flatMap((each, i) => (each ? [{ ...each, runner: `racer-${i}` }] : []));
  expect(winners).toHaveLength(1);
  expect(winners[0]?.fence).toBe(1);
  expect(await take(userId, winners[0]?.runner ?? "")).toMatchObject({ fence: 1 });
});

test("a lease that lapsed goes to whoever asks, under a higher fence, and is not renewed by its old owner", async () => {
  const userId = await newUser(database.db);
  expect(await take(userId, "old", 1)).toMatchObject({ fence: 1 });
  await sleep(5);
  expect(await renewWorkspaces(database.db.pool, "old", 60_000)).toEqual([]);
  expect(await take(userId, "new")).toMatchObject({ fence: 2 });
  expect(await take(userId, "old")).toBeNull();
  expect(await renewWorkspaces(database.db.pool, "new", 60_000)).toEqual([{ userId, fence: 2 }]);
});

test("an owner whose own lease lapsed has to take it again under a higher fence", async () => {
  const userId = await newUser(database.db);
  await take(userId, "sleeper", 1);
  await sleep(5);
  expect(await take(userId, "sleeper")).toMatchObject({ fence: 2 });
});

test("what is released is free at once, and only its owner releases it", async () => {
  const userId = await newUser(database.db);
  await take(userId, "owner");
  await releaseWorkspace(database.db.pool, { userId, runnerId: "other" });
  expect(await take(userId, "other")).toBeNull();
  await releaseWorkspace(database.db.pool, { userId, runnerId: "owner" });
  expect(await take(userId, "other")).toMatchObject({ fence: 2 });
});

test("a workspace that was made with one driver is not taken by a runner of another", async () => {
  const userId = await newUser(database.db);
  const host = { sandbox: "", enforced: [], notEnforced: [] };
  const register = (id: string, ...drivers: [string, ...string[]]) =>
    registerRunner(database.db.pool, {
      id,
      address: `http://${id}`,
      host: { ...host, driver: drivers[0], drivers },
      leaseMs: 60_000,
      load: ROOM,
    });
  await register("with-docker", "docker");
  await register("with-local", "local");
  await take(userId, "with-docker");
  await releaseWorkspace(database.db.pool, { userId, runnerId: "with-docker" });
  expect(await take(userId, "with-local")).toBeNull();
  expect(await findRunnerFor(database.db.pool, userId)).toBe("http://with-docker");
  expect(await take(userId, "with-docker")).toMatchObject({ fence: 2 });
  await releaseWorkspace(database.db.pool, { userId, runnerId: "with-docker" });
  await register("with-both", "local", "docker");
  expect(await take(userId, "with-both")).toEqual({ fence: 3, driver: "docker" });
  expect(await take(await newUser(database.db), "with-both")).toMatchObject({ driver: "local" });
  for (const id of ["with-docker", "with-local", "with-both"]) await removeRunner(database.db.pool, id);
});

test("the owner answers for a workspace, else any runner that lives, else nobody", async () => {
  const userId = await newUser(database.db);
  const host = { driver: "local", drivers: ["local"], sandbox: "", enforced: [], notEnforced: [] };
  expect(await findRunnerFor(database.db.pool, userId)).toBeNull();
  await registerRunner(database.db.pool, {
    id: "silent",
    address: "http://silent",
    host,
    leaseMs: -1_000,
    load: ROOM,
  });
  expect(await findRunnerFor(database.db.pool, userId)).toBeNull();
  await registerRunner(database.db.pool, {
    id: "alive",
    address: "http://alive",
    host,
    leaseMs: 60_000,
    load: ROOM,
  });
  expect(await findRunnerFor(database.db.pool, userId)).toBe("http://alive");
  await take(userId, "holder");
  expect(await findRunnerFor(database.db.pool, userId)).toBe("http://holder");
});

test("whoever has no workspace yet is sent where there is room", async () => {
  const host = { driver: "local", drivers: ["local"], sandbox: "", enforced: [], notEnforced: [] };
  const register = (id: string, load: RunnerLoad) =>
    registerRunner(database.db.pool, { id, address: `http://${id}`, host, leaseMs: 60_000, load });
  await register("alive", { ...ROOM, workspaces: 1 });
  await register("full", { ...ROOM, workspaces: 50 });
  await register("short", { ...ROOM, short: "memory" });
  for (let look = 0; look < 20; look++)
    expect(await findRunnerFor(database.db.pool, "somebody")).toBe("http://alive");
  await register("alive", { ...ROOM, workspaces: 50 });
  expect(await findRunnerFor(database.db.pool, "somebody")).toMatch(/^http:/);
});
