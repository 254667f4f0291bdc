import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GOOD_FILES } from "../../support/scripted-builder.ts";
import { whyNoDocker } from "./engine.ts";
import { findingsOf, type Proving, startProving } from "./proving.ts";
import { imageWithSignatures, SAMPLE } from "./with-signatures.ts";

const reason = await whyNoDocker();

let proving: Proving | undefined;
let signed: Awaited<ReturnType<typeof imageWithSignatures>> | undefined;

beforeAll(async () => {
  if (reason !== null) return;
  signed = await imageWithSignatures();
  proving = await startProving({}, signed.image);
}, 120_000);

afterAll(async () => {
  await proving?.stop();
  await signed?.remove();
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
  "sample.txt": `${SAMPLE}\n`,
  "index.html": '<!doctype html>\n<script src="gone.js"></script>\n',
  "starts.js":
    'import { execFile } from "node:child_process";\nexport const start = (name) => execFile(name);\n',
};
const MENDED = [
  { path: "double.js", content: "export const double = { a: 2 };\n" },
  { path: "types.ts", content: "export const count: number = 3;\n" },
  { path: "shell.py", content: "import os\n\n\ndef run():\n    return os.environ\n" },
  { path: "secret.js", content: "export const token = process.env.TOKEN;\n" },
  { path: "format.json", content: '{ "a": 1, "b": 2 }\n' },
  { path: "sample.txt", content: "harmless\n" },
  { path: "index.html", content: '<!doctype html>\n<script src="add.js"></script>\n' },
  { path: "starts.js", content: "export const start = (name) => name;\n" },
];

test("the image's tools are run and read, what they find is repaired, and nothing is left of it", async (context) => {
  if (!proving) return context.skip(reason ?? "");
  const { run, events } = await proving.build({
    files: { ...BAD, ...GOOD_FILES },
    commands: { test: [["node", "--test"]] },
    edits: MENDED,
    policy: { publish: "auto" },
  });
  const first = findingsOf(events, "r1/check:1");
  for (const finding of [
    "tsc error types.ts:1",
    "eslint error double.js:1",
    "eslint warning starts.js:1",
    "prettier info format.json:",
    "bandit error shell.py:5",
    "secretlint error secret.js:1",
    "clamscan error sample.txt: malware: Carrel.Test.UNOFFICIAL",
    "links error index.html:2",
  ])
    expect(first).toContainEqual(expect.stringContaining(finding));
  expect(first.join("\n")).not.toContain(TOKEN);
  expect(first.join("\n")).not.toContain("not run");
  const second = findingsOf(events, "r1/check:2");
  expect(second.filter((finding) => !finding.includes(" info "))).toEqual([]);
  expect(second).toContainEqual(expect.stringContaining("eslint info secret.js:1"));
  expect(second).toContainEqual(expect.stringContaining("python3 reach info shell.py:5"));
  // What its tests and tools have nothing against goes without a question.
  expect(run).toMatchObject({ status: "succeeded", versionNumber: 1 });
}, 300_000);
