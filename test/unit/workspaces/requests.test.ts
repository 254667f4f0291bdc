import { expect, test } from "vitest";
import { checkPath } from "#workspaces/agent/check-path.ts";
import { ranOutOfMemory, toRequest } from "#workspaces/agent/process-request.ts";
import { EventLine, readAnswer, refusalToError } from "#workspaces/link/wire.ts";
import { SnippetGate } from "#workspaces/run-snippet.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

test.each([
  ["a/b", "a/b"],
  ["./a//b/", "a/b"],
  ["..a/b..", "..a/b.."],
])("the path %s is taken as %s", (given, taken) => {
  expect(checkPath(given)).toBe(taken);
});

test.each(["/a", "..", "a/../b", "a/..", "a\0b", "\ud800", "x".repeat(256), "", ".", "a/".repeat(3000)])(
  "the path %j is refused",
  (path) => {
    expect(() => checkPath(path)).toThrow(expect.objectContaining({ code: "bad_request" }));
  },
);

test("a process is asked for within our limits, whatever was wished", () => {
  const request = toRequest({ argv: ["x"], timeoutMs: 10 ** 9, outputLimit: 10 ** 12 }, 300_000);
  expect(request).toMatchObject({ timeoutMs: 300_000, outputLimit: TUNABLES.outputLimitMost });
});

test("a kill counted by the kernel, or a language's own last words, mean that memory ran out", async () => {
  const counted = (kills: number | null) => ({ outOfMemoryKills: async () => kills });
  const killed = { exitCode: null, signal: "SIGKILL", timedOut: false };
  expect(await ranOutOfMemory(killed, "", counted(2), 1)).toBe(true);
  expect(await ranOutOfMemory(killed, "", counted(2), 2)).toBe(false);
  expect(await ranOutOfMemory(killed, "", counted(null), null)).toBe(false);
  const failed = { exitCode: 1, signal: null, timedOut: false };
  expect(await ranOutOfMemory(failed, "Traceback:\nMemoryError\n", counted(0), 0)).toBe(true);
  expect(await ranOutOfMemory({ ...failed, exitCode: 0 }, "MemoryError", counted(1), 0)).toBe(false);
});

test("an answer that does not fit is refused, not taken as far as it goes", () => {
  for (const text of [
    "",
    "{",
    "[]",
    '{"seq":0,"stream":"stdout","text":""}',
    '{"seq":1,"stream":"other","text":""}',
    '{"seq":1}',
  ]) {
    expect(() => readAnswer(EventLine, Buffer.from(text))).toThrow(
      expect.objectContaining({ code: "upstream_failed" }),
    );
  }
});

test("a refusal's status decides what it is, its words are only shown", () => {
  const refuse = (status: number, body: string) => refusalToError(status, Buffer.from(body));
  expect(refuse(404, '{"error":"There is no such file"}')).toMatchObject({
    code: "not_found",
    message: "There is no such file.",
  });
  expect(refuse(507, '{"error":"The disk is full"}').code).toBe("limit_reached");
  expect(refuse(409, "{}")).toMatchObject({ code: "conflict", details: { moved: true } });
  expect(refuse(299, "no json")).toMatchObject({ code: "upstream_failed", message: "status 299." });
  expect(refuse(404, JSON.stringify({ error: "x".repeat(9999) })).message.length).toBeLessThan(600);
});

test("three snippets of a user run at once, the fourth is told to wait, other users are not", async () => {
  const gate = new SnippetGate();
  const ends: (() => void)[] = [];
  const run = (user: string) => gate.pass(user, () => new Promise<void>((resolve) => ends.push(resolve)));
  const running = [run("a"), run("a"), run("a")];
  await expect(run("a")).rejects.toMatchObject({ code: "rate_limited" });
  const others = run("b");
  ends[0]?.();
  await running[0];
  const next = run("a");
  for (const end of ends) end();
  await Promise.all([...running, others, next]);
});
