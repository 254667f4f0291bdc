import { afterAll, beforeAll, expect, test } from "vitest";
import { submitMessage } from "#runs/submit-message.ts";
import { allEvents } from "../../support/builder-runs.ts";
import { makeDesk } from "../../support/runs.ts";
import { resultFiles, settled } from "../../support/scripted-builder.ts";
import { type Stack, startStack } from "../../support/stack.ts";

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ parts: ["gateway", "runner"] });
}, 60_000);

afterAll(() => stack?.stop());

const HANGUL = /\p{Script=Hangul}/u;

test("“USDT 가격 모니터링 시스템 만들어줘” becomes a price monitor in Korean whose tests pass", async () => {
  const { db } = stack.database;
  const desk = await makeDesk(db);
  const text = "USDT 가격 모니터링 시스템 만들어줘";
  const { run } = await submitMessage(db, { userId: desk.userId, agentId: desk.agents[0] as string, text });
  const { review, status, steps } = await settled(stack, { desk, runId: run.id });
  expect(status).toBe("awaiting_review");
  expect(review?.figures?.testsPassed).toBeGreaterThanOrEqual(5);
  expect(review?.figures).toMatchObject({ testsFailed: 0, findings: 0 });
  expect(review?.summary).toMatch(/테스트 \d+개를 실행했고 모두 통과했습니다/);
  for (const { title } of steps) expect(title).toMatch(HANGUL);

  const files = await resultFiles(stack, desk, review?.treeHash as string);
  expect(files["README.md"]).toContain("스크립트 데모 모델");
  expect(files["README.md"]).toContain("USDT");
  expect(files["price_monitor/messages.py"]).toContain("현재 가격");
  expect(files["data/prices.json"]).toContain("USDT");

  const events = await allEvents(db, run.id);
  const purposes = events.flatMap((event) => (event.type === "plan" ? event.entries : []));
  for (const { content } of purposes) expect(content).toMatch(HANGUL);
});
