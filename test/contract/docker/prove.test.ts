import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunEvent } from "#events/vocabulary.ts";
import { type ScriptedModel, startScriptedModel } from "../../fakes/scripted-model.ts";
import { allEvents } from "../../support/builder-runs.ts";
import {
  follow,
  GOOD_FILES,
  GOOD_PLAN,
  planned,
  settled,
  startRun,
  startScriptedStack,
} from "../../support/scripted-builder.ts";
import type { Stack } from "../../support/stack.ts";
import { dockerDriver, IMAGE, whyNoDocker } from "./engine.ts";

const reason = await whyNoDocker();

let model: ScriptedModel;
let stack: Stack | undefined;

beforeAll(async () => {
  if (reason !== null) return;
  const { DOCKER_HOST } = process.env;
  model = await startScriptedModel();
  stack = await startScriptedStack(model, {
    env: { WORKSPACE_DRIVER: "docker", WORKSPACE_IMAGE: IMAGE, ...(DOCKER_HOST ? { DOCKER_HOST } : {}) },
  });
}, 120_000);

afterAll(async () => {
  if (!stack) return;
  const driver = dockerDriver({ home: stack.home });
  for (const userId of await driver.running()) await driver.destroy(userId);
  await stack.stop();
  await model.close();
});

const TOKEN = `ghp_${randomBytes(60)
  .toString("base64")
  .replaceAll(/[^A-Za-z0-9]/g, "")
  .slice(0, 36)}`;

const BAD: Record<string, string> = {
  "double.js": "export const double = { a: 1, a: 2 };\n",
  "types.ts": 'export const count: number = "three";\n',
  "shell.py": "import subprocess\n\n\ndef run(name):\n    return subprocess.call('ls ' + name, shell=True)\n",
  "secret.js": `export const token = "${TOKEN}";\n`,
  "format.json": '{"a":1,\n"b":2}\n',
};
const MENDED = [
  { path: "double.js", content: "export const double = { a: 2 };\n" },
  { path: "types.ts", content: "export const count: number = 3;\n" },
  { path: "shell.py", content: "def run(name):\n    return name\n" },
  { path: "secret.js", content: "export const token = process.env.TOKEN;\n" },
  { path: "format.json", content: '{ "a": 1, "b": 2 }\n' },
];

function findingsOf(events: RunEvent[], step: string): string[] {
  return events.flatMap((event) =>
    event.type === "finding" && event.step === step
      ? [`${event.tool} ${event.severity} ${event.path}:${event.line ?? ""}`]
      : [],
  );
}

test("the image's tools are run and read, what they find is repaired, and nothing is left of it", async (context) => {
  if (!stack) return context.skip(reason ?? "");
  const language = (path: string) => (path.endsWith(".ts") ? "typescript" : planned(path).language);
  const files = Object.keys(BAD).map((path) => ({ ...planned(path), language: language(path) }));
  const plan = { ...GOOD_PLAN, files: [...files, ...GOOD_PLAN.files] };
  model.script = follow({ plan, files: { ...GOOD_FILES, ...BAD }, edits: MENDED });
  const run = await startRun(stack, { publish: "auto" });
  const { status, versionNumber } = await settled(stack, run, 120_000);
  const events = await allEvents(stack.database.db, run.runId);

  const first = findingsOf(events, "r1/check:1");
  expect(first).toEqual(
    expect.arrayContaining([
      "tsc error types.ts:1",
      "eslint error double.js:1",
      "prettier info format.json:",
      "bandit error shell.py:5",
      "secretlint error secret.js:1",
    ]),
  );
  const messages = events.map((event) => (event.type === "finding" ? event.message : "")).join("\n");
  expect(messages).not.toContain(TOKEN);
  expect(messages).not.toContain("not run");
  expect(findingsOf(events, "r1/check:2").filter((finding) => !finding.includes(" info "))).toEqual([]);
  // What its tests and tools have nothing against goes without a question.
  expect({ status, versionNumber }).toEqual({ status: "succeeded", versionNumber: 1 });
}, 180_000);
