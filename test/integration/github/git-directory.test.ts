import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openGitDirectory } from "#github/git-directory.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "carrel-git-"));
});

afterEach(() => rm(root, { recursive: true, force: true }));

const directories = async () => (await readdir(root)).filter((name) => !name.endsWith(".lock")).sort();

/** Another process that has made its directory and keeps it. */
async function startOther(name: string) {
  const script = `import { openGitDirectory } from "#github/git-directory.ts";
    await openGitDirectory(${JSON.stringify(root)}, ${JSON.stringify(name)});
    process.stdout.write("open");
    setInterval(() => {}, 1_000);`;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

test("what a runner left that was killed is gone with the next; what a living one uses stays", async () => {
  const [dead, living] = await Promise.all([startOther("dead"), startOther("living")]);
  for (const name of ["dead", "living"]) {
    await mkdir(path.join(root, name, "publish-x"), { recursive: true });
    await writeFile(path.join(root, name, "publish-x", "pack"), "bytes");
  }
  // As a release made them that had no directory of its own.
  await mkdir(path.join(root, "publish-old"));
  dead.kill("SIGKILL");
  await once(dead, "exit");
  const mine = await openGitDirectory(root, "mine");
  expect(await directories()).toEqual(["living", "mine"]);
  expect(await readdir(path.join(root, "living", "publish-x"))).toEqual(["pack"]);
  living.kill("SIGKILL");
  await once(living, "exit");
  await mine.close();
  expect(await directories()).toEqual(["living"]);
  const next = await openGitDirectory(root, "next");
  expect(await directories()).toEqual(["next"]);
  await next.close();
});
