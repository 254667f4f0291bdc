import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";

export interface LineChanges {
  additions: number;
  deletions: number;
  binary: boolean;
  /** unified, with file headers; empty for binary content, and for more lines than are compared */
  patch: string;
}

/** Beyond this much difference the old is shown removed and the new added: finding the
 * shortest script takes time with the square of its length, and would hold up everybody else. */
const MAX_EDIT_LENGTH = 250;

/** Texts of more lines are counted and not compared: that would hold up everybody else for longer than 50 ms. */
const MAX_LINES = 10_000;

/** What changed between two contents of one path; null: not there. */
export function lineChanges(path: string, before: Buffer | null, after: Buffer | null): LineChanges {
  if (isBinary(before) || isBinary(after)) return { additions: 0, deletions: 0, binary: true, patch: "" };
  const [deletions, additions] = [countLines(before), countLines(after)];
  if (Math.max(deletions, additions) > MAX_LINES) return { additions, deletions, binary: true, patch: "" };
  const old = before?.toString("utf8") ?? "";
  const now = after?.toString("utf8") ?? "";
  const names = [before ? `a/${path}` : "/dev/null", after ? `b/${path}` : "/dev/null"] as const;
  const found = createTwoFilesPatch(names[0], names[1], old, now, undefined, undefined, {
    context: 3,
    maxEditLength: MAX_EDIT_LENGTH,
    headerOptions: FILE_HEADERS_ONLY,
  });
  return count(found ?? wholePatch(names, old, now));
}

function isBinary(content: Buffer | null): boolean {
  return content?.subarray(0, 8_000).includes(0) ?? false;
}

function countLines(content: Buffer | null): number {
  let lines = 0;
  for (let at = content?.indexOf(10) ?? -1; at >= 0; at = content?.indexOf(10, at + 1) ?? -1) lines += 1;
  return lines;
}

function count(patch: string): LineChanges {
  const lines = patch.split("\n").slice(2);
  const starting = (sign: string) => lines.filter((line) => line.startsWith(sign)).length;
  return { additions: starting("+"), deletions: starting("-"), binary: false, patch };
}

function wholePatch(names: readonly [string, string], before: string, after: string): string {
  const [removed, added] = [splitLines(before), splitLines(after)];
  return [
    `--- ${names[0]}`,
    `+++ ${names[1]}`,
    `@@ -1,${removed.length} +1,${added.length} @@`,
    ...removed.map((line) => `-${line}`),
    ...added.map((line) => `+${line}`),
    "",
  ].join("\n");
}

function splitLines(text: string): string[] {
  const lines = text.split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}
