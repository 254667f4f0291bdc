import { expect, it } from "vitest";
import { daysBetween, periodDays } from "#app/(desk)/usage/periods.ts";

/** Already December in Seoul, still November in London. */
const NOW = new Date("2026-11-30T18:00:00Z");

it.each([
  ["month", "UTC", "2026-11-01", "2026-11-30"],
  ["month", "Asia/Seoul", "2026-12-01", "2026-12-01"],
  ["last", "UTC", "2026-10-01", "2026-10-31"],
  ["last", "Asia/Seoul", "2026-11-01", "2026-11-30"],
  ["30", "Asia/Seoul", "2026-11-02", "2026-12-01"],
] as const)("the period %s is told in days of %s, today's included", (period, zone, from, to) => {
  expect(periodDays(period, NOW, zone)).toEqual({ from, to });
});

it("every day of a period is there once, in order", () => {
  expect(daysBetween("2026-11-29", "2026-12-01")).toEqual(["2026-11-29", "2026-11-30", "2026-12-01"]);
});
