import type { Bench } from "../measure-workspace.ts";
import { type Row, timeOf } from "../table.ts";
import { TRUE } from "./desk.ts";
import { countHeld, sayHeld, withRunner } from "./host.ts";

const CROWD = 50;
const PLACES = 20;

/** Fifty people come at once: to a host with room for all, then to one that has not, where the others wait in line. */
export async function measureCrowd(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const places of [CROWD, PLACES]) rows.push(await measureOne(bench, places));
  return rows;
}

async function measureOne(bench: Bench, places: number): Promise<Row> {
  const row: Row = {
    what: `${CROWD} open at once, ${places} places: asked -> first command's result`,
    times: [],
  };
  let most = 0;
  let longest = 0;
  await withRunner(bench, places, async ({ workspaces, newUser }) => {
    const users = await Promise.all(Array.from({ length: CROWD }, newUser));
    const served = await Promise.allSettled(
      users.map(async (userId) => {
        const took = await timeOf(async () => {
          const opening = workspaces.open(userId);
          longest = Math.max(longest, workspaces.load.waiting);
          await (await opening).agent("one").exec(TRUE);
        });
        row.times.push(took);
        most = Math.max(most, workspaces.load.workspaces);
        longest = Math.max(longest, workspaces.load.waiting);
        // Whoever is served goes, where others wait for the place.
        if (places < CROWD) await workspaces.stop(userId);
      }),
    );
    const failures = served.filter((one) => one.status === "rejected").map(({ reason }) => reason);
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} were not served`);
  });
  const left = await countHeld(bench);
  row.figures = `all served, at most ${most} at once, ${longest} in line; afterwards ${sayHeld(left)}`;
  if (left.containers + left.mounts + left.loopDevices > 0) throw new Error(`left behind: ${sayHeld(left)}`);
  if (most > places) throw new Error(`${most} ran where ${places} may`);
  return row;
}
