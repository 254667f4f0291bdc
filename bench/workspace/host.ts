import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Database, openDatabase } from "#platform/db.ts";
import { startEmbeddedPostgres } from "#platform/embedded-postgres.ts";
import { newId } from "#platform/ids.ts";
import { createLogger } from "#platform/log.ts";
import { migrate } from "#platform/migrate.ts";
import { LABELS } from "#workspaces/drivers/docker/container-spec.ts";
import { Workspaces } from "#workspaces/manager.ts";
import type { Bench } from "../measure-workspace.ts";

export interface BenchRunner {
  db: Database;
  workspaces: Workspaces;
  newUser(): Promise<string>;
}

/** A runner's workspaces on a database of its own; what it started is stopped at the end. */
export async function withRunner<T>(
  bench: Bench,
  maxWorkspaces: number,
  work: (runner: BenchRunner) => Promise<T>,
): Promise<T> {
  const home = await mkdtemp(path.join(tmpdir(), "carrel-bench-db-"));
  const postgres = await startEmbeddedPostgres({ home, password: "bench", settings: {} });
  await migrate(postgres.url);
  const db = openDatabase(postgres.url, { max: 16, application: "carrel-bench" });
  const workspaces = new Workspaces({
    db,
    drivers: [bench.driver()],
    runnerId: newId(),
    address: "http://127.0.0.1:1",
    log: createLogger("bench", "warn"),
    home: bench.home,
    maxWorkspaces,
    queueMs: 600_000,
    // A busy machine must not lose what it measures.
    leaseMs: 60_000,
  });
  await workspaces.begin();
  try {
    return await work({
      db,
      workspaces,
      async newUser() {
        const id = newId();
        await db.prisma.user.create({ data: { id, email: `${id}@example.com` } });
        return id;
      },
    });
  } finally {
    await workspaces.close({ stop: true });
    await db.close();
    await postgres.stop();
    await rm(home, { recursive: true, force: true });
  }
}

/** What workspaces hold of this host, and what the runner holds itself. */
export interface Held {
  containers: number;
  mounts: number;
  loopDevices: number;
  descriptors: number;
  heapMB: number;
}

export async function countHeld({ engine, home }: Bench): Promise<Held> {
  const filters = { label: [`${LABELS.home}=${home}`], status: ["running", "paused", "restarting"] };
  const containers = (await engine.listContainers({ filters })).length;
  const mounts = (await readFile("/proc/self/mountinfo", "utf8"))
    .split("\n")
    .filter((line) => line.includes(home));
  collectGarbage();
  return {
    containers,
    mounts: mounts.length,
    loopDevices: await settledLoops(home),
    descriptors: (await readdir("/proc/self/fd")).length,
    heapMB: Math.round((process.memoryUsage().heapUsed / 1024 ** 2) * 10) / 10,
  };
}

export function sayHeld(held: Held): string {
  const { containers, mounts, loopDevices, descriptors, heapMB } = held;
  return `${containers} containers, ${mounts} mounts, ${loopDevices} loop devices, ${descriptors} descriptors, heap ${heapMB} MB`;
}

/** The kernel gives a device back a moment after its last mount: those that stay. */
async function settledLoops(home: string): Promise<number> {
  for (let look = 1; look < 50; look += 1) {
    if ((await countLoops(home)) === 0) return 0;
    await sleep(200);
  }
  return countLoops(home);
}

async function countLoops(home: string): Promise<number> {
  const blocks = (await readdir("/sys/block")).filter((name) => name.startsWith("loop"));
  const files = await Promise.all(
    // Without a file behind it, a device is free.
    blocks.map((name) => readFile(`/sys/block/${name}/loop/backing_file`, "utf8").catch(() => "")),
  );
  return files.filter((file) => file.startsWith(home)).length;
}

function collectGarbage(): void {
  setFlagsFromString("--expose_gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
}
