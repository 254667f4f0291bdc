import { afterAll, beforeAll, expect, test } from "vitest";
import { writeEgressPolicy } from "#workspaces/egress-policy.ts";
import { makeDesk } from "../../support/runs.ts";
import { resultFiles } from "../../support/scripted-builder.ts";
import { whyNoDocker } from "./engine.ts";
import { startInstalling } from "./installing.ts";
import { findingsOf, type Proving } from "./proving.ts";

const reason = await whyNoDocker();
let proving: Proving | undefined;

beforeAll(async () => {
  if (reason === null) proving = await startInstalling();
}, 120_000);
afterAll(async () => proving?.stop());

const PYTHON = {
  "requirements.txt": "greeting==1.0\n",
  "test_greeting.py": `import unittest
import greeting


class Greeting(unittest.TestCase):
    def test_hello(self):
        self.assertEqual(greeting.hello(), "hello from a wheel")
`,
};
const NODE = {
  "package.json": '{ "type": "module", "dependencies": { "ms": "2.1.3" } }\n',
  "days.test.js": `import assert from "node:assert";
import test from "node:test";
import ms from "ms";
test("days", () => assert.equal(ms("2 days"), 172800000));
`,
};
const PYTHON_TEST = ["python3", "-m", "unittest"];

test("packages of both languages are installed before the tests, and of them only a lockfile is in the result", async (context) => {
  if (!proving) return context.skip(reason ?? "");
  const files = { ...PYTHON, ...NODE };
  const commands = { test: [PYTHON_TEST, ["node", "--test"]] };
  const { run, desk, events } = await proving.build({ files, commands });
  expect(run.review?.figures).toMatchObject({ testsPassed: 2, testsFailed: 0 });
  expect(run.steps.map(({ key }) => key)).not.toContain("r1/repair:1");
  const result = await resultFiles(proving.stack, desk, run.review?.treeHash as string);
  expect(Object.keys(result).sort()).toEqual([...Object.keys(files), "package-lock.json"].sort());
  expect(result["package-lock.json"]).not.toContain("127.0.0.1");
  const asked = JSON.stringify(proving.model.questions[0]?.messages);
  expect(asked).toContain("<network>yes</network>");
  // A mirror may know no audits: then that is what is said.
  const audit = findingsOf(events, "r1/check:1").filter((line) => line.startsWith("npm audit"));
  expect(audit.filter((line) => !line.includes("not run"))).toEqual([]);
}, 300_000);

test("without a network nothing is installed, the tests fail, and the review says why", async (context) => {
  if (!proving) return context.skip(reason ?? "");
  const { db } = proving.stack.database;
  const desk = await makeDesk(db, {});
  await writeEgressPolicy(db.pool, desk.userId, { enabled: false, allow: [] });
  proving.model.questions = [];
  const edits = [{ path: "test_greeting.py", content: PYTHON["test_greeting.py"] }];
  const commands = { test: [PYTHON_TEST] };
  const { run, events } = await proving.build({ files: PYTHON, commands, edits, desk });
  expect(findingsOf(events, "r1/install:1")).toEqual([
    "pip install -r requirements.txt warning : not run: no network: packages cannot be fetched",
  ]);
  expect(findingsOf(events, "r1/check:1")).toContainEqual(
    expect.stringContaining("No module named 'greeting'"),
  );
  expect(run.review?.summary).toContain("packages could not be installed (pip install -r requirements.txt)");
  expect(run.review?.figures).toMatchObject({ testsPassed: 0, testsFailed: 1 });
  expect(JSON.stringify(proving.model.questions[0]?.messages)).toContain("<network>no</network>");
}, 300_000);
