import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { DockerDriver } from "#workspaces/drivers/docker/docker-driver.ts";
import type { HeldWorkspace } from "#workspaces/held-workspace.ts";
import type { Bench } from "../measure-workspace.ts";
import type { Row } from "../table.ts";
import { withDesk } from "./desk.ts";

/** Until V8 has cleaned up, the agent's keeper has gone and memory is given back; then that long. */
const SETTLE = 45;
const SECONDS = 60;

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
  await sleep(SETTLE * 1000);
  const cpu = async () => (await driver.stats(held.userId)).cpuSeconds ?? Number.NaN;
  const before = await cpu();
  await sleep(SECONDS * 1000);
  const share = (((await cpu()) - before) / SECONDS) * 100;
  const maps = await mapsOfAll(bench, held.userId);
  const sum = (pattern: RegExp) =>
    [...maps.matchAll(pattern)].reduce((total, [, kilobytes]) => total + Number(kilobytes) / 1000, 0);
  return [
    { what: "idle: resident memory of all its processes", times: [sum(/^Rss:\s+(\d+)/gm)], unit: "MB" },
    {
      what: "idle: private memory of all its processes",
      times: [sum(/^Private_\w+:\s+(\d+)/gm)],
      unit: "MB",
    },
    { what: "idle: share of one core", times: [share], unit: "%" },
  ];
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
