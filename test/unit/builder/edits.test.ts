import { expect, test } from "vitest";
import { applyChanges } from "#engines/builder/repairs/apply-changes.ts";
import { resolveEdits } from "#engines/builder/repairs/resolve-edits.ts";

const TEXT = "one\ntwo\nthree\ntwo and a half\n";

test("changes are made where their searches stand, in any order, and none is found in what another wrote", () => {
  const changes = [
    { search: "three", replace: "one" },
    { search: "one\n", replace: "three\n" },
    { search: "a half", replace: "$& $1" },
  ];
  expect(applyChanges("a.txt", TEXT, changes)).toEqual({ text: "three\ntwo\none\ntwo and $& $1\n" });
});

test.each([
  ["is nowhere", [{ search: "four", replace: "" }], "does not occur"],
  ["is there twice", [{ search: "two", replace: "" }], "occurs more than once"],
  ["overlaps itself", [{ search: "aa", replace: "" }], "occurs more than once"],
  [
    "overlaps another",
    [
      { search: "one\ntwo", replace: "" },
      { search: "two\nthree", replace: "" },
    ],
    "searches 1 and 2 overlap",
  ],
])("a search that %s is objected to by file and number", (_what, changes, words) => {
  const applied = applyChanges("a.txt", `${TEXT}aaa\n`, changes);
  expect(applied).toMatchObject({ problems: [expect.stringContaining(words)] });
  expect("problems" in applied && applied.problems[0]).toMatch(/^a\.txt: /);
});

test("a file with the line ends of Windows keeps them", () => {
  const changes = [{ search: "b\nc", replace: "x\ny\nz" }];
  expect(applyChanges("a.txt", "a\r\nb\r\nc\r\n", changes)).toEqual({ text: "a\r\nx\r\ny\r\nz\r\n" });
  expect(applyChanges("a.txt", "a\r\nb\nc\r\n", changes)).toEqual({ text: "a\r\nx\ny\nz\r\n" });
});

/** Numbers that look random and are the same in each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test("whatever is cut out of a text and replaced, the rest is as it was", () => {
  for (let seed = 1; seed <= 500; seed += 1) {
    const next = numbers(seed);
    const pieces = Array.from({ length: 1 + next(8) }, (_, n) => ({
      kept: "ab\n$값🦊".slice(0, next(7)),
      // Each piece holds a number of its own, so that it stands once in the text.
      search: `<${n}>${"ab\n".repeat(next(3))}`,
      replace: ["", "$1", `<${next(8)}>`, "\n\n"][next(4)] as string,
    }));
    const text = pieces.map(({ kept, search }) => kept + search).join("");
    const changes = pieces.map(({ search, replace }) => ({ search, replace }));
    const shuffled = changes.toSorted(() => next(2) - 0.5);
    const wanted = pieces.map(({ kept, replace }) => kept + replace).join("");
    const single = pieces.every(({ search }) => text.split(search).length === 2);
    const applied = applyChanges("a.txt", text, shuffled);
    expect(applied, `seed ${seed}`).toEqual(
      single ? { text: wanted } : { problems: expect.arrayContaining([expect.any(String)]) },
    );
  }
});

test("edits are whole files or changes of files that were shown, each file once", () => {
  const shown = new Map([["a.js", "let a = 1;\n"]]);
  const change = { search: "1", replace: "2" };
  expect(
    resolveEdits(
      [
        { path: "a.js", changes: [change] },
        { path: "new.js", content: "" },
      ],
      shown,
      ["a.js"],
    ),
  ).toEqual({
    texts: [
      { path: "a.js", content: "let a = 2;\n" },
      { path: "new.js", content: "" },
    ],
    problems: [],
  });
  const { problems } = resolveEdits(
    [
      { path: "a.js" },
      { path: "a.js", content: "", changes: [change] },
      { path: "hidden.js", changes: [change] },
      { path: "../b.js", content: "" },
    ],
    shown,
    ["a.js"],
  );
  expect(problems).toEqual([
    "a.js: give either changes or content.",
    "a.js is edited twice; give all of it in one edit.",
    "hidden.js was not shown, so only its whole content can be given.",
    '"../b.js" is not a plain relative path.',
  ]);
});

test("a file cannot come in the place of a folder, nor below a file", () => {
  const edits = [
    { path: "src", content: "" },
    { path: "a.js/b.js", content: "" },
    { path: "src/c.js", content: "" },
  ];
  const { problems } = resolveEdits(edits, new Map(), ["a.js", "src/b.js"]);
  expect(problems).toEqual([
    "src is a folder of other files and cannot be a file.",
    "a.js/b.js cannot lie in a.js, which is a file.",
    "src/c.js cannot lie in src, which is a file.",
  ]);
});
