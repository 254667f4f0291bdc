import { afterAll, beforeAll, expect, test } from "vitest";
import { submitMessage } from "#runs/submit-message.ts";
import { makeDesk } from "../../support/runs.ts";
import { resultFiles, settled } from "../../support/scripted-builder.ts";
import { type Stack, startStack } from "../../support/stack.ts";

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ parts: ["gateway", "runner"] });
}, 60_000);

afterAll(() => stack?.stop());

test("a REST service in TypeScript is written, and asked over the workspace's loopback by its own tests", async () => {
  const { db } = stack.database;
  const desk = await makeDesk(db);
  const text = "Build a REST API for a to-do list in TypeScript";
  const { run } = await submitMessage(db, { userId: desk.userId, agentId: desk.agents[0] as string, text });
  const { review, status } = await settled(stack, { desk, runId: run.id });
  expect(status).toBe("awaiting_review");
  expect(review?.figures?.testsPassed).toBeGreaterThanOrEqual(5);
  expect(review?.figures).toMatchObject({ testsFailed: 0, findings: 0 });

  const files = await resultFiles(stack, desk, review?.treeHash as string);
  expect(files["README.md"]).toContain("scripted demo model");
  expect(files["src/task_service/api.ts"]).toContain("export interface Answer");
  expect(files["test/task_service.test.ts"]).toContain('from "../src/task_service/store.ts"');
  expect(JSON.parse(files["package.json"] ?? "")).toMatchObject({
    bin: { task_service: "./task_service.ts" },
    engines: { node: ">=22.18" },
  });
});
