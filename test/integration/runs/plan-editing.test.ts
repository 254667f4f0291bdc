import { beforeAll, beforeEach, expect, test } from "vitest";
import type { Plan } from "#engines/builder/plan.ts";
import type { Question } from "../../fakes/scripted-model.ts";
import { type ApiClient, apiClient } from "../../support/api-client.ts";
import { allEvents, untilReview } from "../../support/builder-runs.ts";
import { askedPath, follow, GOOD_FILES, planned } from "../../support/scripted-builder.ts";
import { scriptedSuite } from "../../support/scripted-suite.ts";

const suite = scriptedSuite({ parts: ["gateway", "runner", "web"] });
let ann: ApiClient;
let runId: string;
let plan: Plan;

beforeAll(async () => {
  ann = await apiClient(suite.stack.webUrl, suite.db, "ann@example.org");
});

beforeEach(async () => {
  suite.model.script = follow({ files: { "README.md": "# Adds\n" } });
  const settings = { name: "Adder", model: "claude-haiku-4-5", policy: { approvePlan: true } };
  const agent = await ann.call("POST", "/agents", { json: settings });
  const sent = await ann.call("POST", `/agents/${agent.body.id}/messages`, { json: { text: "An adder" } });
  runId = sent.body.run.id;
  await untilReview(suite.db, runId);
  plan = (await read()).review.plan;
});

const read = async () => (await ann.call("GET", `/runs/${runId}`)).body;
const answer = (json: object) => ann.call("POST", `/runs/${runId}/review`, { json });
const isWriting = (question: Question) => askedPath(question) !== null;

test("an edited plan is what is carried out: dropped, added and changed files, other commands", async () => {
  const edited = {
    ...plan,
    files: [
      ...plan.files
        .filter(({ path }) => path !== "package.json")
        .map((file) => (file.path === "add.js" ? { ...file, purpose: "adds, and nothing else" } : file)),
      planned("README.md"),
    ],
    commands: { test: [["node", "--test", "add.test.js"]] },
  };
  const before = (await read()).quote;
  expect((await answer({ decision: "approve", plan: edited })).status).toBe(200);
  await untilReview(suite.db, runId);
  const run = await read();
  expect(run.review).toMatchObject({ kind: "result", figures: { files: 3, testsPassed: 1 } });
  const diff = await ann.call("GET", `/runs/${runId}/diff`);
  const paths = diff.body.files.map(({ path }: { path: string }) => path);
  expect(paths.sort()).toEqual(["README.md", "add.js", "add.test.js"]);
  expect(run.quote).toMatchObject({ files: 3, calls: 3 });
  expect(run.quote).not.toEqual(before);
  const asked = suite.model.questions.filter(isWriting);
  expect(asked.map(askedPath).sort()).toEqual(paths);
  expect(JSON.stringify(asked.map(({ messages }) => messages))).toContain("adds, and nothing else");
  const events = await allEvents(suite.db, runId);
  const lists = events.flatMap((event) =>
    event.type === "plan" ? [event.entries.map(({ path }) => path)] : [],
  );
  expect(lists[0]).toContain("package.json");
  expect(lists.slice(1).flat()).not.toContain("package.json");
  const commands = events.flatMap((event) => (event.type === "tool_call" ? [event.title] : []));
  expect(commands).toContainEqual(expect.stringMatching(/^node --test .*add\.test\.js$/));
});

test("a plan that cannot be carried out is refused with each problem, and the review stays open", async () => {
  const bad = {
    ...plan,
    files: [
      { ...planned("../outside.js"), dependsOn: ["nowhere.js"] },
      planned("a.js", ["b.js"]),
      planned("b.js", ["a.js"]),
      { ...planned("main.cob"), language: "cobol" },
    ],
    commands: { test: [["rm", "-rf", "."]] },
  };
  const refused = await answer({ decision: "approve", plan: bad });
  expect(refused.status).toBe(400);
  const said = refused.body.errors.map(({ message }: { message: string }) => message).join("\n");
  for (const part of ["../outside.js", "nowhere.js", "circle", "cobol", "rm -rf ."])
    expect(said).toContain(part);
  for (const unfit of [
    { decision: "approve", plan: { ...plan, files: [] } },
    { decision: "approve", plan: { ...plan, more: 1 } },
    { decision: "approve", plan: { ...plan, title: "\u0000" } },
    { decision: "reject", plan },
    { decision: "request_changes", comment: "Other", plan },
  ])
    expect((await answer(unfit)).status).toBe(400);
  expect(await read()).toMatchObject({ status: "awaiting_review", round: 1, review: { kind: "plan", plan } });
  expect(suite.model.questions.filter(isWriting)).toEqual([]);
});

test("a request for changes makes the architect plan again, with what was edited before as the present plan", async () => {
  const edited = { ...plan, title: "the edited adder" };
  await answer({ decision: "approve", plan: edited });
  await untilReview(suite.db, runId);
  expect((await answer({ decision: "request_changes", comment: "Subtract too" })).status).toBe(200);
  await untilReview(suite.db, runId);
  expect(await read()).toMatchObject({ round: 2, review: { kind: "plan" } });
  const question = JSON.stringify(suite.model.questions.at(-1));
  expect(question).toContain("<requested_changes>Subtract too");
  expect(question).toContain("the edited adder");
  // Files that were written in between may be needed by what a person plans.
  const files = [{ ...planned("sub.js", ["add.js"]) }];
  suite.model.script = follow({
    plan: { ...plan, files },
    files: { ...GOOD_FILES, "sub.js": "export {};\n" },
  });
  expect((await answer({ decision: "approve", plan: { ...plan, files } })).status).toBe(200);
  await untilReview(suite.db, runId);
  expect((await read()).review).toMatchObject({ kind: "result", figures: { files: 1, testsPassed: 1 } });
});
