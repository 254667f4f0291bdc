import type { Bench } from "../measure-workspace.ts";
import { type Row, timeOf } from "../table.ts";
import { TRUE } from "./desk.ts";
import { countHeld, sayHeld, withRunner } from "./host.ts";

const CYCLES = Number(process.env.CYCLES ?? 500);
const USERS = 4;
const WARM_UP = 20;

/** Opened, used and stopped again and again: what is held before is what is held afterwards. */
export function measureCycles(bench: Bench): Promise<Row[]> {
  return withRunner(bench, USERS, async ({ workspaces, newUser }) => {
    const users = await Promise.all(Array.from({ length: USERS }, newUser));
    const row: Row = { what: `open, one command, stop: ${CYCLES} cycles`, times: [] };
    const cycle = async (n: number) => {
      const userId = users[n % USERS] ?? "";
      return timeOf(async () => {
        await (await workspaces.open(userId)).agent("one").exec(TRUE);
        await workspaces.stop(userId);
      });
    };
    for (let n = 0; n < WARM_UP; n += 1) await cycle(n);
    const before = await countHeld(bench);
    for (let n = 0; n < CYCLES; n += 1) row.times.push(await cycle(n));
    const after = await countHeld(bench);
    row.figures = `before ${sayHeld(before)}; after ${sayHeld(after)}`;
    if (after.containers + after.mounts + after.loopDevices > 0)
      throw new Error(`left behind: ${sayHeld(after)}`);
    return [row];
  });
}
