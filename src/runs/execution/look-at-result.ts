import type { Obstacle } from "#events/vocabulary.ts";
import { foreseeObstacles } from "#github/foresee-obstacles.ts";
import type { Database } from "#platform/db.ts";
import type { Execution } from "#runs/execution/execution.ts";
import { type Capture, captureTree, type TreeSource } from "#snapshots/capture-tree.ts";

const LEFT_OUT = {
  link: "This is a link; only files are part of a version.",
  private: "This file holds private settings; it is never part of a version.",
};
/** Told to a person; more of the same helps nobody. */
const LEFT_OUT_MOST = 20;

export interface Result {
  treeHash: string;
  obstacles: Obstacle[];
}

/** Keeps the files as a result, with what a person should know of them before it is approved. */
export async function lookAtResult(
  db: Database,
  execution: Execution,
  directory: TreeSource,
): Promise<Result> {
  const { userId, agentId, lease } = execution;
  const { treeHash, leftOut } = await captureTree(db, userId, directory);
  const foreseen = await foreseeObstacles(db, { userId, agentId, treeHash }, lease.signal);
  return { treeHash, obstacles: [...foreseen, ...leftOut.slice(0, LEFT_OUT_MOST).map(toldOf)] };
}

function toldOf({ path, reason }: Capture["leftOut"][number]): Obstacle {
  return { code: "left_out", path, message: LEFT_OUT[reason] };
}

/** Whether nothing of the result would be kept from being published. */
export function isClear({ obstacles }: Result): boolean {
  return obstacles.every(({ code }) => code === "left_out");
}
