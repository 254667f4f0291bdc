import { expect, test } from "vitest";
import { lineChanges } from "#snapshots/line-changes.ts";
import { type TreeEntry, treeHash } from "#snapshots/tree.ts";

const entry = (path: string, hash = "a".repeat(64), mode: TreeEntry["mode"] = "100644"): TreeEntry => ({
  path,
  mode,
  hash,
  size: 1,
});

test("a tree's name depends on paths, modes and contents, and not on their order", () => {
  const name = treeHash([entry("b"), entry("a/c"), entry("가.md")]);
  expect(treeHash([entry("가.md"), entry("b"), entry("a/c")])).toBe(name);
  expect(treeHash([entry("b"), entry("a/c"), entry("가.md", "b".repeat(64))])).not.toBe(name);
  expect(treeHash([entry("b", undefined, "100755"), entry("a/c"), entry("가.md")])).not.toBe(name);
  expect(treeHash([entry("b"), entry("a/c")])).not.toBe(name);
  expect(treeHash([])).toMatch(/^[0-9a-f]{64}$/);
});

test("a file name cannot forge a line of the tree", () => {
  expect(() => treeHash([entry(`a ${"a".repeat(64)}\n100644 b`)])).toThrow("control character");
});

test("changes are counted by line, for new, changed and removed files", () => {
  const changes = (before: string | null, after: string | null) => {
    const { additions, deletions } = lineChanges(
      "a.txt",
      before === null ? null : Buffer.from(before),
      after === null ? null : Buffer.from(after),
    );
    return [additions, deletions];
  };
  expect(changes(null, "one\ntwo\n")).toEqual([2, 0]);
  expect(changes("one\ntwo\n", "one\n2\nthree\n")).toEqual([2, 1]);
  expect(changes("one\n", null)).toEqual([0, 1]);
  expect(changes("same\n", "same\n")).toEqual([0, 0]);
  expect(changes(null, "")).toEqual([0, 0]);
});

test("contents without a line in common are compared without searching for the shortest way", () => {
  const before = Buffer.from(Array.from({ length: 5_000 }, (_, n) => `old ${n}\n`).join(""));
  const after = Buffer.from(Array.from({ length: 5_000 }, (_, n) => `new ${n}\n`).join(""));
  expect(lineChanges("a.txt", before, after)).toMatchObject({
    additions: 5_000,
    deletions: 5_000,
    binary: false,
  });
});

test("binary contents have no patch", () => {
  const binary = Buffer.from([1, 0, 2]);
  expect(lineChanges("a.bin", null, binary)).toEqual({ additions: 0, deletions: 0, binary: true, patch: "" });
});

test("more lines than can be compared at once are counted, however they come", () => {
  const before = Buffer.from("\n".repeat(20_000));
  const after = Buffer.from("x\n".repeat(30_000));
  const counted = { additions: 30_000, deletions: 20_000, binary: true, patch: "" };
  expect(lineChanges("a.txt", before, after)).toEqual(counted);
});
