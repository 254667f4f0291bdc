import { expect, test } from "vitest";
import { belowKeeper, type Entry } from "../../../workspace-image/supervisor/process-tree.ts";

const entry = (pid: number, parent: number): Entry => ({
  pid,
  parent,
  name: "x",
  group: pid,
  session: pid,
  threads: 1,
  started: 1,
});

test("without keepers all is looked at but the first process and the supervisor, whose children it runs", () => {
  const supervisor = process.pid;
  const all = [entry(1, 0), entry(supervisor, 1), entry(900_001, supervisor), entry(900_002, 900_001)];
  const orphan = entry(900_003, 1);
  expect(belowKeeper([...all, orphan], 1).map(({ pid }) => pid)).toEqual([900_001, 900_002, 900_003]);
  expect(belowKeeper([...all, orphan], 900_001).map(({ pid }) => pid)).toEqual([900_002]);
});
