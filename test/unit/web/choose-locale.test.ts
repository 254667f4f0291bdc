import { expect, test } from "vitest";
import { chooseLocale } from "#app/_locale/choose-locale.ts";

test.each([
  ["ko-KR,ko;q=0.9,en;q=0.8", "ko"],
  ["fr-FR, ja;q=0.7, en;q=0.5", "ja"],
  ["en;q=0.4, ja;q=0.9", "ja"],
  ["ja;q=0, ko", "ko"],
  ["fr", "en"],
  ["", "en"],
  [null, "en"],
])("%s is answered in %s", (asked, locale) => {
  expect(chooseLocale(asked)).toBe(locale);
});
