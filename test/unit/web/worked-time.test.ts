import { expect, test } from "vitest";
import { workedTime } from "#runs/ui/worked-time.ts";

const at = (second: number) => new Date(Date.UTC(2026, 10, 20, 10, 0, second)).toISOString();
const span = (start: number, end: number | null) => ({
  startedAt: at(start),
  endedAt: end === null ? null : at(end),
});

test("steps side by side count once", () => {
  expect(workedTime([span(0, 4), span(1, 3), span(2, 6)])).toBe(6000);
});

test("the time between steps, while a person was awaited, does not count", () => {
  expect(workedTime([span(0, 2), span(50, 51)])).toBe(3000);
});

test("what still runs counts when it has ended", () => {
  expect(workedTime([span(0, null)])).toBe(0);
});
