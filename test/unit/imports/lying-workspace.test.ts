import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { runUnpacking } from "#imports/unpack/run-unpacking.ts";
import { checkUnpacked, LIST_BYTES } from "#imports/unpack/unpacked.ts";
import type { AgentDirectory } from "#workspaces/workspace.ts";

const PIECE = Buffer.alloc(1024 * 1024, " ");

test("a workspace that calls its list of files short, and sends it without an end, is not listened to for ever", async () => {
  let sent = 0;
  async function* endless() {
    for (; sent < 10 * LIST_BYTES; sent += PIECE.length) yield PIECE;
  }
  const stdout = JSON.stringify({ files: 1 });
  const lying = {
    exec: async () => ({ stdout, stderr: "", exitCode: 0, timedOut: false, outOfMemory: false }),
    readStream: async () => ({ content: Readable.from(endless()), size: 2 }),
  } as unknown as AgentDirectory;
  const unpacking = runUnpacking(lying, { uploadId: "u", branch: null }, AbortSignal.timeout(60_000));
  await expect(unpacking).rejects.toMatchObject({ code: "too_large", details: { reason: "too_many" } });
  expect(sent).toBeLessThan(2 * LIST_BYTES);
});

const listOf = (...paths: string[]) => ({
  branch: "",
  commit: null,
  files: paths.map((path) => ({ path, executable: false })),
  skipped: [],
});

test.each([
  [["a", "a/b"]],
  [["a/b/c", "a/b"]],
  [["a/b/c/d", "a"]],
  [["a", "a-b", "a b/c", "a/b"]],
  [["a", "a"]],
])(
  "a list of a workspace with a name that is a file and a folder, or is there twice, is refused: %j",
  (paths) => {
    const refusal = expect.objectContaining({
      code: "bad_request",
      details: expect.objectContaining({ reason: "twice" }),
    });
    expect(() => checkUnpacked(listOf(...paths))).toThrow(refusal);
  },
);

test("names that only begin alike are no doubles", () => {
  expect(() => checkUnpacked(listOf("a.b", "a/b", "a/c", "ab"))).not.toThrow();
});
