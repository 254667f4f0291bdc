import { execFile } from "node:child_process";
import { existsSync, renameSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { promisify } from "node:util";

/**
 * With what the modes of its directories close: they are ours to open. By programs where the simple way ends: they go
 * down step by step, where the name of a deeply nested directory would be longer than the system takes.
 */
export async function removeTree(place: string): Promise<void> {
  try {
    await rm(place, { recursive: true, force: true });
  } catch (error) {
    if (!["EACCES", "EPERM", "ENAMETOOLONG"].includes((error as NodeJS.ErrnoException).code ?? ""))
      throw error;
    const seenByAll = place.replace("/proc/self/", `/proc/${process.pid}/`);
    // It stops at nothing that it may not open, and whatever it could not is found by the next.
    await promisify(execFile)("chmod", ["-R", "u+rwX", "--", seenByAll]).catch(() => undefined);
    await promisify(execFile)("rm", ["-rf", "--", seenByAll]);
  }
}

/** Out of the way at once, and removed in the background: also what an earlier life was still removing. */
export function discard(parent: string, name: string): void {
  const old = `${name}-old-`;
  if (existsSync(`${parent}/${name}`)) renameSync(`${parent}/${name}`, `${parent}/${old}${Date.now()}`);
  void readdir(parent)
    .then((names) => names.filter((each) => each.startsWith(old)))
    .then((names) => Promise.all(names.map((each) => removeTree(`${parent}/${each}`))))
    .catch((error: Error) => console.error(`${name} of an earlier life: ${error.message}`));
}
