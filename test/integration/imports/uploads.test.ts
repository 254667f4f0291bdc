import { afterAll, beforeAll, expect, test } from "vitest";
import { type ScriptedModel, startScriptedModel } from "../../fakes/scripted-model.ts";
import { type ApiClient, apiClient } from "../../support/api-client.ts";
import { archiveOf, COMMIT, packed } from "../../support/archives.ts";
import {
  follow,
  GOOD_FILES,
  GOOD_PLAN,
  planned,
  startScriptedStack,
} from "../../support/scripted-builder.ts";
import type { Stack } from "../../support/stack.ts";
import { directoryOf, ended, newAgent, upload } from "../../support/uploads.ts";

let model: ScriptedModel;
let stack: Stack;
let ann: ApiClient;

beforeAll(async () => {
  model = await startScriptedModel();
  stack = await startScriptedStack(model, { parts: ["gateway", "runner", "web"] });
  ann = await apiClient(stack.webUrl, stack.database.db, "ann@example.org");
}, 240_000);

afterAll(async () => {
  await stack?.stop();
  await model?.close();
});

const PROJECT = { "한글 이름.txt": "\u00e9\r\n", "src/run.sh": "#!/bin/sh\necho hi\n", "empty.txt": "" };
const HIDDEN = { ".env": "SECRET=1\n", ".git/hooks/pre-commit": "evil\n", "node_modules/x/index.js": "1\n" };
const WHOLE = { ...PROJECT, "src/": "" };

async function brought(bytes: Buffer, options: Parameters<typeof upload>[3] = {}) {
  const agentId = await newAgent(ann);
  const answer = await upload(ann, agentId, bytes, options);
  expect(answer.status).toBe(202);
  expect(answer.body.import).toMatchObject({ source: "upload", fileName: options.name ?? "project.zip" });
  return { agentId, code: await ended(ann, agentId) };
}

test.each([
  ["zip", { name: "a.zip" }, "python3 -m zipfile -c $out project/"],
  ["tar", { name: "b.tar" }, "tar -cf $out project"],
  ["tar.gz", { name: "c.tgz" }, "cd project; tar -czf $out ."],
])(
  "a %s made by its own tool comes whole; what is private or made by tools stays outside, by name",
  async (_kind, options, command) => {
    const { agentId, code } = await brought(await packed({ ...PROJECT, ...HIDDEN }, command), options);
    expect(code).toMatchObject({ state: "done", error: null, filesDone: 3, filesTotal: 3, branch: "" });
    expect(code.skipped.map(({ path, reason }) => `${path} ${reason}`).sort()).toEqual(
      Object.keys(HIDDEN).map((name) => `${name} not_kept`),
    );
    expect(await directoryOf(ann, agentId)).toEqual(WHOLE);
    const { files } = (await ann.call("GET", `/agents/${agentId}/files?path=src`)).body;
    expect(files[0].mode & 0o111).not.toBe(0);
  },
);

test("a bundle brings the branch that its HEAD stands on, or the one that is asked for", async () => {
  const command = `${COMMIT}; ln -s /etc/passwd out; git add out
    git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),sub
    git commit -qm Odd; git branch old HEAD~1; git bundle create -q $out --all`;
  const bytes = await packed(PROJECT, command);
  const { agentId, code } = await brought(bytes, { name: "code.bundle" });
  expect(code).toMatchObject({ state: "done", branch: "trunk", filesDone: 3 });
  expect(code.commitSha).toMatch(/^[0-9a-f]{40}$/);
  expect(code.skipped).toEqual([
    { path: "out", reason: "link" },
    { path: "sub", reason: "submodule" },
  ]);
  expect(await directoryOf(ann, agentId)).toEqual(WHOLE);
  const old = await brought(bytes, { branch: "old" });
  expect(old.code).toMatchObject({ state: "done", branch: "old", skipped: [] });
  const none = await brought(bytes, { branch: "none" });
  expect(none.code).toMatchObject({ state: "failed", reason: "no_branch", code: "bad_request" });
});

test("the run that follows changes the files that came, and its difference is to them", async () => {
  const changed = "export const add = (a, b) => Number(a) + Number(b);\n";
  model.script = follow({ plan: { ...GOOD_PLAN, files: [planned("add.js")] }, files: { "add.js": changed } });
  const agentId = await newAgent(ann, { model: "claude-haiku-4-5" });
  const bytes = await archiveOf(
    "tgz",
    Object.entries(GOOD_FILES).map(([name, text]) => ({ name: `adder/${name}`, text })),
  );
  await upload(ann, agentId, bytes, { name: "adder.tgz" });
  // Sent while the code is on its way: the run waits for it.
  const { run } = (await ann.call("POST", `/agents/${agentId}/messages`, { json: { text: "Numbers" } })).body;
  const status = async () => (await ann.call("GET", `/runs/${run.id}`)).body.status;
  await expect.poll(status, { timeout: 60_000, interval: 100 }).toBe("awaiting_review");
  const { files } = (await ann.call("GET", `/runs/${run.id}/diff`)).body;
  expect(files).toMatchObject([{ path: "add.js", change: "modified", additions: 1, deletions: 1 }]);
  const asked = String(model.questions[0]?.messages[0]?.content);
  expect(asked).toContain(`add.js (${GOOD_FILES["add.js"].length} bytes)`);
  const again = await upload(ann, agentId, bytes);
  expect([again.status, again.body.code]).toEqual([409, "conflict"]);
}, 120_000);
