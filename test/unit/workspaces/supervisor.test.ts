import { expect, test } from "vitest";
import { Kept } from "../../../workspace-image/supervisor/exec-route.ts";
import { parseJournal } from "../../../workspace-image/supervisor/journal.ts";
import { splitPath } from "../../../workspace-image/supervisor/open-inside.ts";
import { parseStat } from "../../../workspace-image/supervisor/process-tree.ts";
import { toRefusal } from "../../../workspace-image/supervisor/refusal.ts";

test("a process is read from its stat whatever its name holds, and a zombie is none", () => {
  const rest = "1 5 7 0 -1 4194304 99 0 0 0 1 2 0 0 20 0 1 0 4242 1000 1";
  expect(parseStat(`12 (a) b ) S ${rest}`)).toEqual({
    pid: 12,
    name: "a) b ",
    parent: 1,
    group: 5,
    session: 7,
    threads: 1,
    started: 4242,
  });
  expect(parseStat(`12 (a) Z ${rest}`)).toBeNull();
});

test("a line cut off in the middle of its writing is not in the journal", () => {
  const text = '{"start":1}\n{"seq":1,"stream":"stdout","text":"a"}\n{"seq":2,"stre';
  expect(parseJournal(text)).toEqual([{ start: 1 }, { seq: 1, stream: "stdout", text: "a" }]);
});

test("output is kept up to its limit and the rest is counted", () => {
  const kept = new Kept(5);
  for (const text of ["abc", "def", "ghi"]) kept.add(Buffer.from(text));
  expect(Buffer.from(kept.base64(), "base64").toString()).toBe("abcde");
  expect(kept.dropped).toBe(4);
});

test("the supervisor too refuses paths that climb or are absolute", () => {
  expect(splitPath("./a//b")).toEqual(["a", "b"]);
  for (const path of ["/a", "a/../b", "..", "a\0"]) expect(() => splitPath(path)).toThrow();
});

test("an error of the file system becomes a status and words", () => {
  expect(toRefusal(Object.assign(new Error(), { code: "ENOSPC" })).status).toBe(507);
  expect(toRefusal(Object.assign(new Error(), { code: "ELOOP" })).status).toBe(400);
  expect(toRefusal(new Error("odd"))).toMatchObject({ status: 500, message: "odd" });
});
