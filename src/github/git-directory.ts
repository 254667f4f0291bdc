import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#platform/errors.ts";
import { lockFile } from "#platform/file-lock.ts";

/** A directory for one process's repositories; what processes that ended left in theirs is gone. */
export interface GitDirectory {
  path: string;
  close(): Promise<void>;
}

const LOCK = ".lock";
/** Whoever makes a directory or removes one holds it, so that nothing is taken for left that is about to be used. */
const SWEEP = `sweep${LOCK}`;

/**
 * Makes a directory below `root` for this process, which holds a lock on it as long as it lives, and removes those
 * whose lock nobody holds. @param name another one in each life of a process
 */
export async function openGitDirectory(root: string, name: string): Promise<GitDirectory> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const sweep = await lockFile(path.join(root, SWEEP), { wait: true });
  try {
    await removeLeft(root);
    const own = path.join(root, name);
    const lock = await lockFile(own + LOCK, { wait: true });
    if (!lock) throw new AppError("unavailable", `Cannot lock ${own}${LOCK}.`);
    await mkdir(own, { mode: 0o700 });
    return {
      path: own,
      async close() {
        await rm(own, { recursive: true, force: true });
        await rm(own + LOCK, { force: true });
        await lock.release();
      },
    };
  } finally {
    await sweep?.release();
  }
}

async function removeLeft(root: string): Promise<void> {
  const names = (await readdir(root)).filter((name) => name !== SWEEP);
  for (const name of new Set(names.map((one) => one.replace(/\.lock$/, "")))) {
    const lock = await lockFile(path.join(root, name + LOCK), { wait: false });
    if (!lock) continue;
    await rm(path.join(root, name), { recursive: true, force: true });
    await rm(path.join(root, name + LOCK), { force: true });
    await lock.release();
  }
}
