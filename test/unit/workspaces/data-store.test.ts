import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import Docker from "dockerode";
import { expect, onTestFinished, test } from "vitest";
import { dataStore } from "#workspaces/drivers/docker/data-store.ts";

const SPEC = {
  userId: "user-1",
  slot: 0,
  memoryBytes: 256 * 1024 * 1024,
  cpus: 1,
  processes: 64,
  openFiles: 512,
  diskBytes: 16 * 1024 * 1024,
};

/** A home, and an engine that has no volumes and remembers which were made. */
async function hostWithout(volumes: string[] = []) {
  const home = await mkdtemp(path.join(tmpdir(), "carrel-data-"));
  const engine = createServer((request, response) => {
    const name = /^\/volumes\/(.+)$/.exec(request.url ?? "")?.[1] ?? "";
    if (request.method === "POST") volumes.push("made");
    const there = request.method === "POST" || volumes.includes(name);
    response.writeHead(there ? 200 : 404, { "content-type": "application/json" }).end("{}");
  });
  const socketPath = path.join(home, "engine.sock");
  await new Promise<void>((resolve) => engine.listen(socketPath, resolve));
  onTestFinished(async () => {
    engine.closeAllConnections();
    engine.close();
    await rm(home, { recursive: true, force: true });
  });
  return { home, volumes, docker: new Docker({ socketPath }) };
}

async function leaveDisk(home: string): Promise<void> {
  await mkdir(path.join(home, "disks"));
  await writeFile(path.join(home, "disks", "user-1.ext4"), "data");
}

test("a workspace that has a disk does not start empty where disks cannot be mounted", async () => {
  const { home, volumes, docker } = await hostWithout();
  await leaveDisk(home);
  const store = await dataStore(docker, home, false);
  await expect(store.prepare(SPEC)).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringMatching(/Nothing is lost.*root.*CAP_SYS_ADMIN/),
  });
  expect(volumes).toEqual([]);
  expect(await store.exists("user-1")).toBe(true);
});

test("its disk is removed with it there, too", async () => {
  const { home, docker } = await hostWithout();
  await leaveDisk(home);
  const store = await dataStore(docker, home, false);
  await store.remove("user-1");
  expect(await store.exists("user-1")).toBe(false);
});

test("disks that cannot be looked at are not taken for missing", async () => {
  const { home, volumes, docker } = await hostWithout();
  await symlink("disks", path.join(home, "disks"));
  const store = await dataStore(docker, home, false);
  await expect(store.prepare(SPEC)).rejects.toMatchObject({ code: "unavailable" });
  await expect(store.exists("user-1")).rejects.toMatchObject({ code: "unavailable" });
  expect(volumes).toEqual([]);
});

test("a workspace without a disk gets a volume there, and keeps it where disks can be mounted", async () => {
  const { home, volumes, docker } = await hostWithout();
  expect(await (await dataStore(docker, home, false)).prepare(SPEC)).toEqual({ volume: "workspace-user-1" });
  expect(volumes).toEqual(["made"]);
  volumes.push("workspace-user-1");
  expect(await (await dataStore(docker, home, true)).prepare(SPEC)).toEqual({ volume: "workspace-user-1" });
});
