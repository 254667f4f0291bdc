import { describe, expect, test } from "vitest";
import { problemsOfPlan } from "#engines/builder/check-plan.ts";
import { arrangementOf, pathsAfter } from "#engines/builder/existing/arrangement.ts";
import type { Plan } from "#engines/builder/plan.ts";

const WORKSPACE = {
  languages: { python: "3.11.2" },
  existing: ["a.py", "b.py", "pkg/c.py", "pkg/deep/d.py"],
};

const plan = (
  given: Pick<Plan, "move" | "delete">,
  paths: string[] = [],
  dependsOn: string[] = [],
): Plan => ({
  title: "t",
  summary: "s",
  language: "en",
  files: paths.map((path) => ({ path, purpose: "p", language: "python", complexity: "low", dependsOn })),
  commands: { test: [["python3", "-m", "unittest"]] },
  testStrategy: "",
  ...given,
});

test.each([
  ["moves and deletes", plan({ move: [{ from: "a.py", to: "lib/a.py" }], delete: ["b.py"] })],
  ["moves and changes", plan({ move: [{ from: "a.py", to: "lib/a.py" }] }, ["lib/a.py"])],
  ["moves, and writes anew in its place", plan({ move: [{ from: "a.py", to: "e.py" }] }, ["a.py"], ["e.py"])],
  [
    "moves two in each other's place",
    plan({
      move: [
        { from: "a.py", to: "b.py" },
        { from: "b.py", to: "a.py" },
      ],
    }),
  ],
  ["moves to where it deletes", plan({ move: [{ from: "a.py", to: "b.py" }], delete: ["b.py"] })],
  [
    "makes a folder of what was a file",
    plan({ move: [{ from: "a.py", to: "b.py/a.py" }], delete: ["b.py"] }),
  ],
])("a plan that %s can be carried out", (_what, good) => {
  expect(problemsOfPlan(good, WORKSPACE)).toEqual([]);
});

describe("a plan is refused", () => {
  test.each([
    ["that changes nothing", plan({}), "changes nothing"],
    ["that deletes what is not there", plan({ delete: ["pkg"] }), "no such file"],
    ["that moves what is not there", plan({ move: [{ from: "z.py", to: "y.py" }] }), "no such file"],
    [
      "that moves out of the project",
      plan({ move: [{ from: "a.py", to: "../a.py" }] }),
      "plain relative path",
    ],
    [
      "that moves into what belongs to git",
      plan({ move: [{ from: "a.py", to: ".git/hooks/x" }] }),
      "belongs to a tool",
    ],
    ["that moves onto another file", plan({ move: [{ from: "a.py", to: "b.py" }] }), "there already"],
    ["that moves onto a folder", plan({ move: [{ from: "a.py", to: "pkg" }] }), "is a folder"],
    ["that moves below a file", plan({ move: [{ from: "a.py", to: "b.py/a.py" }] }), "b.py, which is a file"],
    ["that writes onto a folder", plan({}, ["pkg/deep"]), "is a folder"],
    [
      "that makes a file of what was a folder",
      plan({ move: [{ from: "a.py", to: "pkg/deep" }], delete: ["pkg/deep/d.py"] }),
      "is a folder",
    ],
    ["that writes what it deletes", plan({ delete: ["a.py"] }, ["a.py"]), "both deleted and written"],
    [
      "that needs what it deletes",
      plan({ delete: ["a.py"] }, ["e.py"], ["a.py"]),
      "neither planned nor there",
    ],
    [
      "that moves one file twice",
      plan({
        move: [
          { from: "a.py", to: "x.py" },
          { from: "a.py", to: "y.py" },
        ],
      }),
      "more than once",
    ],
    [
      "that moves two files to one place",
      plan({
        move: [
          { from: "a.py", to: "x.py" },
          { from: "b.py", to: "x.py" },
        ],
      }),
      "More than one file",
    ],
  ])("%s", (_what, bad, words) => {
    expect(problemsOfPlan(bad, WORKSPACE).join(" ")).toContain(words);
  });
});

test("what is moved onto a deleted file's place stays there", () => {
  const arrangement = arrangementOf({ move: [{ from: "a.py", to: "b.py" }], delete: ["b.py", "pkg/c.py"] });
  expect([...arrangement.gone].sort()).toEqual(["a.py", "pkg/c.py"]);
  expect(pathsAfter(arrangement, WORKSPACE.existing)).toEqual(["b.py", "pkg/deep/d.py"]);
});
