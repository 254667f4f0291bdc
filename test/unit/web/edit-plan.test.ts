import { expect, test } from "vitest";
import type { PlanEntry } from "#events/vocabulary.ts";
import { linesOf, readCommand, readRunEntry, writeCommand, writeRunEntry } from "#runs/ui/command-line.ts";
import { addFile, changeFile, dropFile } from "#runs/ui/edit-plan.ts";
import { layOutPlan } from "#runs/ui/lay-out-plan.ts";
import { GOOD_PLAN } from "../../support/scripted-builder.ts";

test.each([
  ["node --test", ["node", "--test"]],
  ['  python3   -c "print(1)"  ', ["python3", "-c", "print(1)"]],
  ['node -e \'a b\' "c \\" d" --x="y z"', ["node", "-e", "a b", 'c " d', "--x=y z"]],
  ['bash ""', ["bash", ""]],
  ["", []],
])("the line %j is a list of arguments", (line, argv) => {
  expect(readCommand(line)).toEqual(argv);
});

test.each([
  [["node", "--test", "a b.js"]],
  [["bash", "-c", "echo \"$HOME\" \\ 'x'"]],
  [["python3", ""]],
  [["node", "값", "\t"]],
])("%j written as a line is read back as it was", (argv) => {
  expect(readCommand(writeCommand(argv))).toEqual(argv);
});

test.each([
  [["node", "main.js", "=>"]],
  [{ argv: ["node", "a b.js"], port: 8080 }],
  [{ argv: ["python3", "-m", "app"], port: 8080, path: "/health?a=1" }],
])("%j as a line is read back as it was", (entry) => {
  expect(readRunEntry(writeRunEntry(entry))).toEqual(entry);
});

test("commands that hold lines of a program stay one command each", () => {
  const entries = [
    ["python3", "-c", 'import sys\nprint("it\'s")\n\nsys.exit()'],
    { argv: ["node", "-e", "a\nb"], port: 8080, path: "/" },
    ["echo", "it's"],
    ["node", "--test"],
  ];
  const text = entries.map(writeRunEntry).join("\n");
  expect(linesOf(text).map(readRunEntry)).toEqual(entries);
  expect(linesOf('node "open\n\n  node b')).toEqual(['node "open', "  node b"]);
});

test("a file that is dropped is needed by nobody; one that is added has the language of its name", () => {
  const less = dropFile(GOOD_PLAN, "add.js");
  expect(less.files.map(({ path, dependsOn }) => [path, dependsOn])).toEqual([
    ["package.json", []],
    ["add.test.js", []],
  ]);
  expect(addFile(less, "docs/use.md", "how it is used").files.at(-1)).toEqual({
    path: "docs/use.md",
    purpose: "how it is used",
    language: "markdown",
    complexity: "medium",
    dependsOn: [],
  });
  expect(addFile(less, "Makefile", "?").files.at(-1)?.language).toBe("text");
  const changed = changeFile(GOOD_PLAN, "add.js", { purpose: "adds" });
  expect(changed.files.map(({ purpose }) => purpose)).toEqual([
    "the file package.json",
    "adds",
    "the file add.test.js",
  ]);
});

function entry(path: string, dependsOn: string[] = []): PlanEntry {
  return { content: path, priority: "low", status: "pending", path, dependsOn };
}

test("a picture has each file right of what it uses, in the plan's order, once", () => {
  const nodes = layOutPlan([
    entry("test", ["main", "old"]),
    entry("main", ["a", "b"]),
    entry("a"),
    entry("b", ["a"]),
    { content: "Run the tests", priority: "high", status: "pending" },
    { content: "Move old to main", priority: "medium", status: "pending", path: "main" },
    { content: "Delete gone", priority: "medium", status: "pending", path: "gone" },
    entry("readme"),
  ]);
  expect(nodes.map(({ path, column, row }) => [path, column, row])).toEqual([
    ["a", 0, 0],
    ["readme", 0, 1],
    ["b", 1, 0],
    ["main", 2, 0],
    ["test", 3, 0],
  ]);
  expect(nodes.at(-1)?.needs).toEqual(["main"]);
  expect(
    layOutPlan([entry("x", ["y"]), entry("y", ["x"]), entry("z", ["z"])]).map(({ path }) => path),
  ).toHaveLength(3);
});
