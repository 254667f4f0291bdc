import { describe, expect, test } from "vitest";
import { problemOfPath } from "#engines/builder/check-path.ts";
import { problemsOfPlan } from "#engines/builder/check-plan.ts";
import { orderFiles } from "#engines/builder/order-files.ts";
import { Plan } from "#engines/builder/plan.ts";

const file = (path: string, dependsOn: string[] = [], language = "python") => ({
  path,
  purpose: "something",
  language,
  complexity: "low" as const,
  dependsOn,
});

const plan = (files: ReturnType<typeof file>[], test = [["python3", "-m", "unittest"]]): Plan => ({
  title: "t",
  summary: "s",
  language: "en",
  files,
  commands: { test },
  testStrategy: "",
});

const WORKSPACE = { languages: { python: "3.11.2", javascript: "22.23.3" }, existing: ["old.py"] };

test("a plan that can be carried out has no problems", () => {
  const good = plan([file("a.py", ["b.py", "old.py"]), file("b.py"), file("README.md", [], "Markdown")]);
  expect(problemsOfPlan(good, WORKSPACE)).toEqual([]);
});

test.each([
  "/etc/passwd",
  "../x",
  "a/../../x",
  "a//b",
  "./a",
  "a/.",
  "C:/x",
  "a\\b",
  ".git/config",
  "src/.GIT/hooks/x",
  "node_modules/x.js",
  ".env",
  ".carrel/x",
  "a\nb",
  "a\u0000b",
  " a/b",
  "\ud800",
  "e\u0301.py",
])("the path %j is refused", (path) => {
  expect(problemOfPath(path)).not.toBeNull();
});

test.each(["a.py", "src/app/main.js", "한국어.md", ".gitignore", "src/.env.example", "a b.txt"])(
  "the path %j is fine",
  (path) => {
    expect(problemOfPath(path)).toBeNull();
  },
);

describe("a plan is refused", () => {
  test.each([
    ["a file twice", plan([file("a.py"), file("A.py")]), "twice"],
    ["a file that is a folder as well", plan([file("a"), file("a/b.py")]), "folder"],
    ["an unknown dependency", plan([file("a.py", ["nowhere.py"])]), "neither planned nor there"],
    ["a circle", plan([file("a.py", ["b.py"]), file("b.py", ["a.py"])]), "circle"],
    ["a language that is not there", plan([file("main.go", [], "go")]), "lacks"],
    ["no test command", plan([file("a.py")], []), "no test command"],
    ["a command that is no interpreter", plan([file("a.py")], [["rm", "-rf", "/"]]), "interpreter"],
    ["a path out of the project", plan([file("../a.py")]), "plain relative path"],
  ])("for %s", (_what, bad, words) => {
    expect(problemsOfPlan(bad, WORKSPACE).join(" ")).toContain(words);
  });
});

test("one command given where a list is asked for is read as that list", () => {
  const given = { ...plan([file("a.py")]), commands: { test: ["node", "--test"] } };
  expect(Plan.parse(given).commands.test).toEqual([["node", "--test"]]);
});

test("files come after what they depend on, and otherwise in the plan's order", () => {
  const stages = orderFiles([file("z.py", ["m.py"]), file("a.py", ["outside.py"]), file("m.py")]);
  expect(stages?.map((stage) => stage.map(({ path }) => path))).toEqual([["a.py", "m.py"], ["z.py"]]);
  expect(orderFiles([file("a.py", ["a.py"])])).toBeNull();
});
