import { chmod, chown, mkdir, rm } from "node:fs/promises";
import path from "node:path";

/** The directory of this host that a container sees as /run/carrel. */
export function socketDirectory(home: string, userId: string): string {
  return path.join(home, "containers", userId, "run");
}

/** Its owner is the workspace's user alone; the directories above are ours alone. Runs as root. */
export async function makeSocketDirectory(home: string, userId: string, uid: number): Promise<void> {
  const directory = socketDirectory(home, userId);
  await mkdir(path.join(home, "containers"), { recursive: true, mode: 0o700 });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chown(directory, uid, uid);
  await chmod(directory, 0o700);
}

/** Before a start: whatever users' code left there, or made of it, is not there any more. */
export async function renewSocketDirectory(home: string, userId: string, uid: number): Promise<void> {
  await rm(socketDirectory(home, userId), { recursive: true, force: true });
  await makeSocketDirectory(home, userId, uid);
}

export async function removeSocketDirectory(home: string, userId: string): Promise<void> {
  await rm(path.dirname(socketDirectory(home, userId)), { recursive: true, force: true });
}
