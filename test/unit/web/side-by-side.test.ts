import { expect, test } from "vitest";
import { standSideBySide } from "#app/(desk)/agents/[agentId]/_desk/side-by-side.ts";
import type { StepView } from "#runs/ui/run-view.ts";

const at = (second: number) => new Date(Date.UTC(2026, 10, 20, 10, 0, second)).toISOString();
const step = (key: string, start: number, end: number | null): StepView => ({
  key,
  title: key,
  status: end === null ? "running" : "done",
  attempt: 1,
  startedAt: at(start),
  endedAt: end === null ? null : at(end),
  durationMs: null,
  costMicroUsd: 0,
  detail: null,
  entries: [],
});
const keys = (groups: StepView[][]) => groups.map((group) => group.map(({ key }) => key));

test("steps that follow each other stand alone", () => {
  expect(keys(standSideBySide([step("a", 0, 2), step("b", 2, 4), step("c", 4, null)]))).toEqual([
    ["a"],
    ["b"],
    ["c"],
  ]);
});

test("steps that ran at the same time stand together, until all of them have ended", () => {
  const groups = standSideBySide([
    step("plan", 0, 1),
    step("a", 1, 5),
    step("b", 1, 3),
    step("c", 4, 6),
    step("d", 6, 7),
  ]);
  expect(keys(groups)).toEqual([["plan"], ["a", "b", "c"], ["d"]]);
});

test("what runs now has no end yet: whatever begins after it is beside it", () => {
  expect(keys(standSideBySide([step("a", 0, null), step("b", 9, null)]))).toEqual([["a", "b"]]);
});
