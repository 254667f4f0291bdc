import { afterAll, beforeAll, expect, test } from "vitest";
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

const PYTHON_TEST = `import unittest
import greeting


class Greeting(unittest.TestCase):
    def test_hello(self):
        self.assertEqual(greeting.hello(), "hello from a wheel")
`;

test.for<[string, string]>([
  ["dependencies", '[project]\nname = "shop"\nversion = "1"\ndependencies = ["greeting==1.0"]\n'],
  [
    "optional dependencies",
    '[project]\nname = "shop"\n[project.optional-dependencies]\ntest = ["greeting"]\n',
  ],
  [
    "groups",
    '[project]\nname = "shop"\n[dependency-groups]\ndev = ["greeting", {include-group = "x"}]\nx = []\n',
  ],
])(
  "what a pyproject.toml names as %s is installed, and nothing of it is in the result",
  { timeout: 300_000 },
  async ([, pyproject], context) => {
    if (!proving) return context.skip(reason ?? "");
    const files = { "pyproject.toml": pyproject, "test_greeting.py": PYTHON_TEST };
    const commands = { test: [["python3", "-m", "unittest"]] };
    const { run, desk, events } = await proving.build({ files, commands });
    expect(findingsOf(events, "r1/install:1")).toEqual([]);
    expect(run.review?.figures).toMatchObject({ testsPassed: 1, testsFailed: 0 });
    const result = await resultFiles(proving.stack, desk, run.review?.treeHash as string);
    expect(Object.keys(result).sort()).toEqual(Object.keys(files));
  },
);

const LOCK = `lockfileVersion: '9.0'
settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false
importers:
  .:
    dependencies:
      ms:
        specifier: 2.1.3
        version: 2.1.3
packages:
  ms@2.1.3:
    resolution: {integrity: sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA==}
snapshots:
  ms@2.1.3: {}
`;

test("a project with pnpm's lockfile is installed by pnpm, and its result is what it was", async (context) => {
  if (!proving) return context.skip(reason ?? "");
  const files = {
    "package.json": '{ "type": "module", "dependencies": { "ms": "2.1.3" } }\n',
    "pnpm-lock.yaml": LOCK,
    "days.test.js": `import assert from "node:assert";
import { existsSync } from "node:fs";
import test from "node:test";
import ms from "ms";
test("days", () => assert.equal(ms("2 days"), 172800000));
test("by pnpm", () => assert.ok(existsSync("node_modules/.pnpm")));
`,
  };
  const { run, desk, events } = await proving.build({ files, commands: { test: [["node", "--test"]] } });
  const said = events.flatMap((event) =>
    event.type === "output" && event.step === "r1/install:1" ? [event.text] : [],
  );
  expect(findingsOf(events, "r1/install:1"), said.join("")).toEqual([]);
  expect(run.review?.figures).toMatchObject({ testsPassed: 2, testsFailed: 0 });
  const result = await resultFiles(proving.stack, desk, run.review?.treeHash as string);
  expect(result).toEqual(files);
}, 300_000);

test("what the plan itself installs with is run in the project's own environment", async (context) => {
  if (!proving) return context.skip(reason ?? "");
  const install = [["python3", "-m", "pip", "install", "--no-input", "greeting==1.0"]];
  const files = { "README.md": "# Greeting\n", "test_greeting.py": PYTHON_TEST };
  const commands = { install, test: [["python3", "-m", "unittest"]] };
  const { run, desk } = await proving.build({ files, commands });
  expect(run.review?.figures).toMatchObject({ testsPassed: 1, testsFailed: 0 });
  const result = await resultFiles(proving.stack, desk, run.review?.treeHash as string);
  expect(Object.keys(result).sort()).toEqual(Object.keys(files));
}, 300_000);
