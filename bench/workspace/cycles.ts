import type { Bench } from "../measure-workspace.ts";
import { type Row, timeOf } from "../table.ts";
import { TRUE } from "./desk.ts";
import { countHeld, sayHeld, withRunner } from "./host.ts";

const CYCLES = Number(process.env.CYCLES ?? 500);
const USERS = 4;
const WARM_UP = 20;

/** Opened, used and stopped again and again, by several at once: what is held before is what is held afterwards. */
export function measureCycles(bench: Bench): Promise<Row[]> {
  return withRunner(bench, USERS, async ({ workspaces, newUser }) => {
    const users = await Promise.all(Array.from({ length: USERS }, newUser));
    const row: Row = { what: `open, one command, stop: ${CYCLES} cycles`, times: [] };
    const cycle = (userId: string) =>
      timeOf(async () => {
        await (await workspaces.open(userId)).agent("one").exec(TRUE);
        await workspaces.stop(userId);
      });
    const cycles = (count: number) =>
      Promise.all(
        users.map(async (userId) => {
          for (let n = 0; n < count / USERS; n += 1) row.times.push(await cycle(userId));
        }),
      );
    await cycles(WARM_UP);
    const before = await countHeld(bench);
    row.times.length = 0;
    await cycles(CYCLES);
    const after = await countHeld(bench);
    row.figures = `before ${sayHeld(before)}; after ${sayHeld(after)}`;
    console.log(row.figures);
    if (after.containers + after.mounts + after.loopDevices > 0)
      throw new Error(`left behind: ${sayHeld(after)}`);
    return [row];
  });
}
