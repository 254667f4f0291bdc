import { createFormatter } from "next-intl";
import { expect, test } from "vitest";
import { formatBytes, formatClock, formatDuration, formatMoney } from "#ui/format-amounts.ts";

const en = createFormatter({ locale: "en", timeZone: "UTC" });
const ko = createFormatter({ locale: "ko", timeZone: "UTC" });

test.each([
  [0, "$0.00"],
  [12_345, "$0.0123"],
  [1_500_000, "$1.50"],
  [1_234_567_890, "$1,234.57"],
])("%i micro-dollars are %s", (microUsd, text) => {
  expect(formatMoney(en, microUsd)).toBe(text);
});

test.each([
  [0, "0B"],
  [1023, "1,023B"],
  [1536, "1.5 kB"],
  [10 * 1024 ** 3, "10 GB"],
])("%i bytes are %s", (bytes, text) => {
  expect(formatBytes(en, bytes)).toBe(text);
});

test.each([
  [400, "0.4s"],
  [12_300, "12s"],
  [125_000, "2m 5s"],
  [3_780_000, "1h 3m"],
])("%i ms are %s", (ms, text) => {
  expect(formatDuration(en, ms)).toBe(text);
});

test("a duration is said in the reader's language", () => {
  expect(formatDuration(ko, 12_300)).toBe("12초");
});

test.each([
  [0, "0:00"],
  [42_900, "0:42"],
  [725_000, "12:05"],
  [3_727_000, "1:02:07"],
  [-5, "0:00"],
])("a clock at %i ms shows %s", (ms, text) => {
  expect(formatClock(ms)).toBe(text);
});
