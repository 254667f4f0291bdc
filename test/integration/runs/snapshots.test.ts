import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AppError } from "#platform/errors.ts";
import { captureTree } from "#snapshots/capture-tree.ts";
import { diffTrees } from "#snapshots/diff-trees.ts";
import { readTree } from "#snapshots/read-tree.ts";
import { restoreTree, type TreeTarget } from "#snapshots/restore-tree.ts";
import { freshDatabase, type TestDatabase } from "../../support/database.ts";
import { makeDesk } from "../../support/runs.ts";

let database: TestDatabase;
let root: string;
let userId: string;

beforeAll(async () => {
  database = await freshDatabase();
  root = await mkdtemp(path.join(tmpdir(), "carrel-trees-"));
  ({ userId } = await makeDesk(database.db));
});

afterAll(async () => {
  await database.drop();
  await rm(root, { recursive: true, force: true });
});

/** A directory of this machine, with what a capture and a restore ask of one. */
function directory(
  name: string,
): TreeTarget & { put(file: string, text: string, mode?: number): Promise<void> } {
  const at = (file: string) => path.join(root, name, file);
  const write = async (file: string, content: Uint8Array | string, options?: { mode?: number }) => {
    await mkdir(path.dirname(at(file)), { recursive: true });
    await writeFile(at(file), content);
    await chmod(at(file), options?.mode ?? 0o644);
  };
  return {
    async list() {
      const found = await readdir(at(""), { recursive: true, withFileTypes: true });
      return Promise.all(
        found.map(async (one) => {
          const file = path.relative(at(""), path.join(one.parentPath, one.name));
          const type = one.isFile() ? "file" : one.isDirectory() ? "directory" : "link";
          const known = type === "file" ? await stat(at(file)).catch(() => null) : null;
          const { size, mode } = known ?? { size: 0, mode: 0 };
          return { path: file, type, size, mode };
        }),
      );
    },
    read: (file) => readFile(at(file)),
    remove: (file) =>
      rm(at(file), { recursive: true }).catch((cause: unknown) => {
        throw new AppError("not_found", "There is no such file.", { cause });
      }),
    write,
    put: (file, text, mode) => write(file, text, mode === undefined ? {} : { mode }),
  };
}

test("a capture holds the files and nothing that tools make or that is private, and is the same each time", async () => {
  const one = directory("one");
  await one.put("src/main.py", "print(1)\n");
  await one.put("run.sh", "#!/bin/sh\n", 0o755);
  for (const skipped of [
    "node_modules/x.js",
    ".git/config",
    "src/__pycache__/m.pyc",
    ".env",
    ".venv/bin/python",
  ])
    await one.put(skipped, "x");
  await symlink("/etc/passwd", path.join(root, "one/link"));
  const first = await captureTree(database.db, userId, one);
  expect(first.entries.map(({ path, mode }) => `${mode} ${path}`)).toEqual([
    "100755 run.sh",
    "100644 src/main.py",
  ]);
  expect(first.leftOut).toEqual([
    { path: ".env", reason: "private" },
    { path: "link", reason: "link" },
  ]);
  expect((await captureTree(database.db, userId, one)).treeHash).toBe(first.treeHash);
  const stranger = await makeDesk(database.db);
  await expect(readTree(database.db, stranger.userId, first.treeHash)).rejects.toMatchObject({
    code: "not_found",
  });
});

test("more or larger files than a tree may hold are refused", async () => {
  const large = directory("large");
  await large.put("a.txt", "12345");
  await large.put("b.txt", "12345");
  const capture = (limits: { files: number; fileBytes: number; totalBytes: number }) =>
    captureTree(database.db, userId, large, limits);
  await expect(capture({ files: 1, fileBytes: 99, totalBytes: 99 })).rejects.toMatchObject({
    code: "too_large",
  });
  await expect(capture({ files: 9, fileBytes: 4, totalBytes: 99 })).rejects.toMatchObject({
    code: "too_large",
  });
  await expect(capture({ files: 9, fileBytes: 9, totalBytes: 9 })).rejects.toMatchObject({
    code: "too_large",
  });
});

test("two trees are compared by file, and a restore makes the directory hold exactly the older one", async () => {
  const two = directory("two");
  await two.put("kept.txt", "same\n");
  await two.put("changed.txt", "one\ntwo\n");
  await two.put("gone.txt", "x\n");
  const before = await captureTree(database.db, userId, two);
  await two.put("changed.txt", "one\n2\n");
  await two.remove("gone.txt");
  await two.put("new/file.txt", "n\n");
  await two.put("node_modules/x.js", "installed");
  const after = await captureTree(database.db, userId, two);
  const { files } = await diffTrees(database.db, userId, before.treeHash, after.treeHash);
  expect(files.map(({ path, change, additions, deletions }) => [path, change, additions, deletions])).toEqual(
    [
      ["changed.txt", "modified", 1, 1],
      ["gone.txt", "deleted", 0, 1],
      ["new/file.txt", "added", 1, 0],
    ],
  );
  expect(files[0]?.patch).toContain("-two\n+2");
  await restoreTree(database.db, userId, before.treeHash, two);
  expect((await captureTree(database.db, userId, two)).treeHash).toBe(before.treeHash);
  expect(await readFile(path.join(root, "two/node_modules/x.js"), "utf8")).toBe("installed");
});

test("a restore comes through where directories stand in place of files, and names that are no text", async () => {
  const three = directory("three");
  await three.put("note", "1\n");
  const before = await captureTree(database.db, userId, three);
  await three.remove("note");
  await three.put("note/inside/file", "2\n");
  await writeFile(Buffer.concat([Buffer.from(path.join(root, "three/odd")), Buffer.from([0xff])]), "3\n");
  await restoreTree(database.db, userId, before.treeHash, three);
  expect(await readFile(path.join(root, "three/note"), "utf8")).toBe("1\n");
});

test("a restore that fails in the middle is over when it says so, and the same again comes through", async () => {
  const five = directory("five");
  for (let n = 0; n < 60; n += 1) await five.put(`new/place/${n % 7}/${n}`, `${n}\n`);
  const before = await captureTree(database.db, userId, five);
  await five.remove("new");
  let begun = 0;
  let ended = 0;
  const failing: TreeTarget = {
    ...five,
    async write(file, content, options) {
      begun += 1;
      if (begun === 20) throw new AppError("unavailable", "The workspace is gone.");
      await five.write(file, content, options);
      ended += 1;
    },
  };
  await expect(restoreTree(database.db, userId, before.treeHash, failing)).rejects.toThrow("is gone");
  expect(ended).toBe(begun - 1);
  expect(begun).toBeLessThan(60);
  await restoreTree(database.db, userId, before.treeHash, five);
  expect((await captureTree(database.db, userId, five)).treeHash).toBe(before.treeHash);
});

test("so much is compared and no more, and every changed file is told", async () => {
  const four = directory("four");
  const line = "0123456789".repeat(99);
  for (let file = 0; file < 20; file++) await four.put(`${file}.txt`, `${file} ${line}\n`.repeat(1_000));
  const { treeHash } = await captureTree(database.db, userId, four);
  const { files } = await diffTrees(database.db, userId, null, treeHash);
  expect(files).toHaveLength(20);
  const patched = files.filter(({ patch }) => patch !== "");
  expect(patched.length).toBeGreaterThan(0);
  expect(patched.length).toBeLessThan(20);
});
