import { expect, test } from "vitest";
import { problemsOfPlan } from "#engines/builder/check-plan.ts";
import { Plan } from "#engines/builder/plan.ts";
import { runEntry } from "#engines/builder/run/run-entry.ts";

const planWith = (commands: object) =>
  Plan.parse({
    title: "t",
    summary: "s",
    language: "en",
    files: [{ path: "a.js", purpose: "p", language: "javascript", complexity: "low" }],
    commands: { test: [["node", "--test"]], ...commands },
  });
const entriesOf = (run: unknown) => planWith({ run }).commands.run?.map(runEntry);
const problemsOf = (commands: object) =>
  problemsOfPlan(planWith(commands), { languages: { javascript: "22" }, existing: [] });

const SERVER = { argv: ["node", "s.js"], port: 8080, path: "/x" };
const PROGRAM = { argv: ["node", "a.js"], port: null, path: null };

test.each([
  [
    [["node", "a.js"], SERVER],
    [PROGRAM, SERVER],
  ],
  [["node", "a.js"], [PROGRAM]],
  [SERVER, [SERVER]],
  [[{ argv: ["node", "a.js"] }], [PROGRAM]],
])("what is to be run, given as %j", (given, entries) => {
  expect(entriesOf(given)).toEqual(entries);
});

test.each([
  [[{ port: 80, argv: ["node"] }]],
  [[{ port: 8080 }]],
  [[SERVER, { ...SERVER, path: "x" }]],
  [[{ ...SERVER, path: "/a b" }]],
  [[{ ...SERVER, path: "/값" }]],
  ["node"],
])("%j is nothing to run", (given) => {
  expect(() => entriesOf(given)).toThrow();
});

test("a plan may install with npm, and not with what is no program of the workspace's languages", () => {
  expect(problemsOf({ install: [["npm", "ci"]], run: [SERVER] })).toEqual([]);
  expect(problemsOf({ install: [["apt-get", "install", "x"]] }).join()).toContain("apt-get install x");
  expect(problemsOf({ install: [["pip", "install", "x"]] }).join()).toContain("pip install x");
  expect(problemsOf({ run: [{ ...SERVER, argv: ["./server"] }] }).join()).toContain("./server");
});

test("a server may not take a port of the workspace's own", () => {
  expect(problemsOf({ run: [{ ...SERVER, port: 3128 }] })).toEqual(["The port 3128 is the workspace's own."]);
});
