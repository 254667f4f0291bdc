import { expect, test } from "vitest";
import { TextChunker } from "#engines/builder/chunk-text.ts";
import { stripFence } from "#engines/builder/strip-fence.ts";
import { guessHuman, wordsIn } from "#engines/builder/wording.ts";

function chunks(deltas: string[], size: number): string[] {
  const chunker = new TextChunker(size);
  return [...deltas.flatMap((delta) => chunker.add(delta)), ...chunker.end()];
}

test("pieces are the same however the text arrived", () => {
  const text = "가나다🦊🦊🦊 abc\n".repeat(20);
  const whole = chunks([text], 7);
  expect(whole.join("")).toBe(text);
  expect(whole.every((piece) => piece.isWellFormed())).toBe(true);
  for (let size = 1; size < 40; size += 1) {
    const deltas = text.match(new RegExp(`[\\s\\S]{1,${size}}`, "g")) ?? [];
    expect(chunks(deltas, 7)).toEqual(whole);
  }
});

test.each([
  ["a = 1", "a = 1\n"],
  ["a = 1\n", "a = 1\n"],
  ["```python\na = 1\n```", "a = 1\n"],
  ["\n```\na\n```\n", "a\n"],
  ["# README\n\n```sh\nls\n```", "# README\n\n```sh\nls\n```\n"],
  ["````md\n```sh\nls\n```\n````", "```sh\nls\n```\n"],
  ["    indented first line\n", "    indented first line\n"],
  ["", ""],
])("the outer fence of %j is taken off", (answer, file) => {
  expect(stripFence(answer)).toBe(file);
});

test("the language of a request is told by its script", () => {
  expect(guessHuman("USDT 가격 모니터링")).toBe("ko");
  expect(guessHuman("価格を表示するツール")).toBe("ja");
  expect(guessHuman("a tool")).toBe("en");
});

const PROGRAMS = { notRunning: 0, notInstalled: null };

test("the report says plainly what fails and what nothing has proven", () => {
  const { report } = wordsIn("en");
  const result = {
    files: 3,
    testsPassed: 4,
    testsFailed: 1,
    unreadable: 0,
    errors: 0,
    repairs: 3,
    ...PROGRAMS,
  };
  expect(report("x", result)).toContain("1 test fails, 4 pass");
  expect(report("x", { ...result, testsFailed: 0, testsPassed: 0 })).toContain("No test ran");
  expect(report("x", { ...result, testsFailed: 0, unreadable: 1 })).toContain("cannot be read");
  expect(report("x", { ...result, testsFailed: 0, errors: 2 })).toContain("2 errors were found");
  expect(report("x", { ...result, testsFailed: 0, notRunning: 1 })).toContain("1 program does not run");
  for (const human of ["en", "ko", "ja"] as const)
    expect(wordsIn(human).report("x", { ...result, notInstalled: "npm ci" })).toContain("npm ci");
  expect(report("x", { ...result, testsFailed: 0 })).toContain("4 tests ran and all passed");
});
