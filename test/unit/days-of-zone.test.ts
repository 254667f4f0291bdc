import { expect, it } from "vitest";
import { dayAfter, firstOfMonth, startOfDay } from "#ledger/days-of-zone.ts";

it.each([
  ["2026-12-01", "UTC", "2026-12-01T00:00:00.000Z"],
  ["2026-12-01", "Asia/Seoul", "2026-11-30T15:00:00.000Z"],
  ["2026-12-01", "America/Los_Angeles", "2026-12-01T08:00:00.000Z"],
  ["2026-12-01", "Asia/Kathmandu", "2026-11-30T18:15:00.000Z"],
  // The day on which clocks go forward, the day after, and the day on which they go back.
  ["2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00.000Z"],
  ["2026-03-30", "Europe/Berlin", "2026-03-29T22:00:00.000Z"],
  ["2026-10-25", "Europe/Berlin", "2026-10-24T22:00:00.000Z"],
  ["2026-10-26", "Europe/Berlin", "2026-10-25T23:00:00.000Z"],
  // Clocks go from 23:59 to 01:00: the day begins an hour late.
  ["2026-09-06", "America/Santiago", "2026-09-06T04:00:00.000Z"],
])("%s begins in %s at %s", (day, zone, moment) => {
  expect(startOfDay(day, zone).toISOString()).toBe(moment);
});

it("days follow each other over months and years, and a month is that of the zone", () => {
  expect([dayAfter("2026-11-30"), dayAfter("2026-12-31"), dayAfter("2028-02-28")]).toEqual([
    "2026-12-01",
    "2027-01-01",
    "2028-02-29",
  ]);
  expect([dayAfter("9999-12-30"), dayAfter("9999-12-31")]).toEqual(["9999-12-31", null]);
  const evening = new Date("2026-11-30T18:00:00Z");
  expect(firstOfMonth(evening, "UTC")).toBe("2026-11-01");
  expect(firstOfMonth(evening, "Asia/Tokyo")).toBe("2026-12-01");
});
