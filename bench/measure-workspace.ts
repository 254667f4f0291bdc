import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { connectEngine } from "#workspaces/drivers/docker/connect-engine.ts";
import { DockerDriver } from "#workspaces/drivers/docker/docker-driver.ts";
import type { Row } from "./table.ts";
import { measureCommands } from "./workspace/commands.ts";
import { measureCrowd } from "./workspace/crowd.ts";
import { measureCycles } from "./workspace/cycles.ts";
import { measureIdle } from "./workspace/idle.ts";
import { measureInstalls } from "./workspace/installs.ts";
import { measureStarts } from "./workspace/starts.ts";
import { measureTransfers } from "./workspace/transfers.ts";

export interface Bench {
  home: string;
  image: string;
  engine: ReturnType<typeof connectEngine>;
  /** a driver as a runner would make it */
  driver(options?: { socketMount?: boolean }): DockerDriver;
}

/** ONLY=crowd,cycles measures just these. */
const MEASURES = {
  starts: measureStarts,
  commands: measureCommands,
  transfers: measureTransfers,
  idle: measureIdle,
  crowd: measureCrowd,
  cycles: measureCycles,
  installs: measureInstalls,
};

/** Workspaces in containers beside what the engine itself needs for the same. */
export async function measureWorkspace(): Promise<Row[]> {
  const home = await mkdtemp(path.join(tmpdir(), "carrel-bench-"));
  const image = process.env.WORKSPACE_IMAGE ?? "carrel-workspace:0.1.0";
  const engine = connectEngine(process.env.DOCKER_HOST);
  const bench: Bench = {
    home,
    image,
    engine,
    driver: (options) => new DockerDriver({ engine, home, image, ...options }),
  };
  try {
    const { sandbox } = await bench.driver().probe();
    console.log(sandbox);
    const rows: Row[] = [];
    const only = process.env.ONLY?.split(",");
    for (const [name, measure] of Object.entries(MEASURES))
      if (!only || only.includes(name)) rows.push(...(await measure(bench)));
    return rows;
  } catch (error) {
    // Said before anything is cleared away, which may fail for the same reason.
    console.error(error);
    throw error;
  } finally {
    const driver = bench.driver();
    for (const userId of await driver.running()) await driver.destroy(userId);
    await rm(home, { recursive: true, force: true });
  }
}
