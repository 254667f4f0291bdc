import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Bench } from "../measure-workspace.ts";
import { type Row, timeOf } from "../table.ts";
import { newDesk, TRUE, withDesk } from "./desk.ts";

const TIMES = 30;
const run = promisify(execFile);

/** From nothing to the first result, beside a bare container; from pause to the first result, beside the bare unpause. */
export async function measureStarts(bench: Bench): Promise<Row[]> {
  const bare: Row = { what: "`docker run` of the image with true", times: [] };
  const cold: Row = { what: "nothing exists -> first command's result", times: [], limit: bare };
  const again: Row = { what: "stopped -> first command's result", times: [], limit: bare };
  for (let n = 0; n < TIMES; n += 1) {
    const name = `carrel-bench-${process.pid}-${n}`;
    const argv = ["run", "--name", name, "--network", "none", bench.image, "/bin/true"];
    bare.times.push(await timeOf(() => run("docker", argv)));
    await run("docker", ["rm", name]);
    const driver = bench.driver();
    await driver.probe();
    const held = newDesk(driver);
    cold.times.push(await timeOf(() => held.agent("one").exec(TRUE)));
    await held.down();
    again.times.push(await timeOf(() => held.agent("one").exec(TRUE)));
    held.letGo();
    await driver.destroy(held.userId);
  }
  return [bare, cold, again, ...(await measureResume(bench))];
}

function measureResume(bench: Bench): Promise<Row[]> {
  const driver = bench.driver();
  return withDesk(driver, async (held) => {
    const bare: Row = { what: "the engine's own unpause", times: [] };
    const resume: Row = { what: "paused -> first command's result", times: [], limit: bare };
    const container = bench.engine.getContainer(`workspace-${held.userId}`);
    for (let n = 0; n < TIMES; n += 1) {
      // The engine's own events of the last round are to have come.
      await sleep(100);
      await container.pause();
      await sleep(100);
      bare.times.push(await timeOf(() => container.unpause()));
      await sleep(100);
      await driver.pause(held.userId);
      await sleep(100);
      resume.times.push(
        await timeOf(async () => {
          await driver.resume(held.userId);
          await held.agent("one").exec(TRUE);
        }),
      );
    }
    return [bare, resume];
  });
}
