import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { DockerDriver } from "#workspaces/drivers/docker/docker-driver.ts";
import type { HeldWorkspace } from "#workspaces/held-workspace.ts";
import type { Bench } from "../measure-workspace.ts";
import type { Row } from "../table.ts";
import { withDesk } from "./desk.ts";

/** Until V8 has cleaned up, the agent's keeper has gone and memory is given back (ms); then so many looks, so far apart. */
const SETTLE = 45_000;
const TIMES = 30;
const APART = 2_000;

/**
 * What a workspace that does nothing costs beyond its empty container: the supervisor. Another one runs beside it, as on
 * any host: the program's own pages are then shared, and private is what each one adds.
 */
export function measureIdle(bench: Bench): Promise<Row[]> {
  const driver = bench.driver();
  return withDesk(driver, () => withDesk(driver, (held) => measureOne(bench, driver, held)));
}

async function measureOne(bench: Bench, driver: DockerDriver, held: HeldWorkspace): Promise<Row[]> {
  await held.agent("one").exec({ argv: ["/bin/true"], timeoutMs: 10_000 });
  await sleep(SETTLE);
  const resident: Row = { what: "idle: resident memory of all its processes", times: [], unit: "MB" };
  const own: Row = { what: "idle: private memory of all its processes", times: [], unit: "MB" };
  const share: Row = { what: "idle: share of one core", times: [], unit: "%" };
  const cpu = async () => (await driver.stats(held.userId)).cpuSeconds ?? Number.NaN;
  for (let n = 0; n < TIMES; n += 1) {
    const [before, began] = [await cpu(), performance.now()];
    await sleep(APART);
    share.times.push((((await cpu()) - before) / ((performance.now() - began) / 1000)) * 100);
    const maps = await mapsOfAll(bench, held.userId);
    resident.times.push(megabytes(maps, /^Rss:\s+(\d+)/gm));
    own.times.push(megabytes(maps, /^Private_\w+:\s+(\d+)/gm));
  }
  return [resident, own, share];
}

function megabytes(maps: string, pattern: RegExp): number {
  return [...maps.matchAll(pattern)].reduce((total, [, kilobytes]) => total + Number(kilobytes) / 1000, 0);
}

/** As the host sees them; what looked from inside would count itself. */
async function mapsOfAll({ engine }: Bench, userId: string): Promise<string> {
  const { Processes } = (await engine.getContainer(`workspace-${userId}`).top({ ps_args: "-eo pid" })) as {
    Processes: [string][];
  };
  return (await Promise.all(Processes.map(([pid]) => readFile(`/proc/${pid}/smaps_rollup`, "utf8")))).join(
    "\n",
  );
}
