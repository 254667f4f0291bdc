import { createTwoFilesPatch } from "diff";
import { expect, test } from "vitest";
import { parseHunks } from "#ui/parse-patch.ts";

const patch = (before: string, after: string) => createTwoFilesPatch("a", "b", before, after);
const lines = (before: string, after: string) =>
  parseHunks(patch(before, after)).flatMap((hunk) => hunk.lines);

test("each line carries its number on the side where it is", () => {
  const drawn = lines("one\ntwo\nthree\n", "one\n2\nthree\nfour\n");
  expect(drawn.map(({ kind, before, after }) => [kind, before, after])).toEqual([
    ["same", 1, 1],
    ["removed", 2, null],
    ["added", null, 2],
    ["same", 3, 3],
    ["added", null, 4],
  ]);
});

test("inside a changed line the words that changed are marked", () => {
  const [removed, added] = lines("return a + b;\n", "return a - b;\n");
  const marked = (parts: { text: string; changed: boolean }[] = []) =>
    parts.filter(({ changed }) => changed).map(({ text }) => text);
  expect(marked(removed?.parts)).toEqual(["+"]);
  expect(marked(added?.parts)).toEqual(["-"]);
});

test("lines with little in common are left whole", () => {
  const drawn = lines("alpha beta\n", "completely different words\n");
  expect(drawn.flatMap(({ parts }) => parts).some(({ changed }) => changed)).toBe(false);
});

test("a file without an end of line shows no line for its lack", () => {
  expect(lines("", "last").map(({ kind }) => kind)).toEqual(["added"]);
});
