import { expect, test } from "vitest";
import type { Message } from "#api/schema/message.ts";
import type { Run } from "#api/schema/run.ts";
import { tellConversation } from "#app/(desk)/agents/[agentId]/_conversation/tell-conversation.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString();
const run = (id: string, minute: number) => ({ id, createdAt: at(minute) }) as Run;
const message = (id: string, runId: string | null, minute: number): Message => ({
  id,
  agentId: "agent",
  runId,
  role: "user",
  text: id,
  createdAt: at(minute),
});
const told = (messages: Message[], runs: Run[]) =>
  tellConversation(messages, runs).map((turn) => [turn.run?.id ?? null, turn.messages.map(({ id }) => id)]);

test("each run stands with the messages that belong to it, in the order of their first words", () => {
  const messages = [message("m1", "a", 1), message("m2", "b", 2), message("m3", "a", 3)];
  expect(told(messages, [run("b", 2), run("a", 1)])).toEqual([
    ["a", ["m1", "m3"]],
    ["b", ["m2"]],
  ]);
});

test("a run whose messages are on a page that nobody asked for is not told", () => {
  expect(told([message("m2", "new", 5)], [run("new", 5), run("old", 1)])).toEqual([["new", ["m2"]]]);
});

test("a run that began before its message could be looked up is told already", () => {
  expect(told([message("m1", "a", 1)], [run("b", 2), run("a", 1)])).toEqual([
    ["a", ["m1"]],
    ["b", []],
  ]);
});

test("words that started nothing stand by themselves", () => {
  expect(told([message("m1", null, 1)], [])).toEqual([[null, ["m1"]]]);
});
