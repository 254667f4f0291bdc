import { execFile } from "node:child_process";
import { chown, mkdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { AppError } from "#platform/errors.ts";

export interface WorkspacePlaces {
  base: string;
  data: string;
  run: string;
  etc: string;
  mountPoint: string;
  state: string;
  lock: string;
  log: string;
  socket: string;
}

/** Where a workspace lies on the disk: all of it below one directory. @throws AppError bad_request */
export function placesOf(home: string, userId: string): WorkspacePlaces {
  if (!/^[0-9A-Za-z-]{1,64}$/.test(userId)) throw new AppError("bad_request", "That is not a user's id.");
  const base = path.join(home, "workspaces", userId);
  return {
    base,
    data: path.join(base, "data"),
    run: path.join(base, "run"),
    etc: path.join(base, "etc"),
    mountPoint: path.join(base, "root"),
    state: path.join(base, "state.json"),
    lock: path.join(base, "start.lock"),
    log: path.join(base, "supervisor.log"),
    socket: path.join(base, "run", "supervisor.sock"),
  };
}

/**
 * Makes the directories. As root, data belongs to the workspace's own uid; data that belongs to another one (the
 * database was made anew, say) is handed over with all that is in it, links themselves and never what they name.
 */
export async function makePlaces(places: WorkspacePlaces, owner: number): Promise<void> {
  await mkdir(places.base, { recursive: true, mode: 0o700 });
  for (const place of [places.data, places.run, places.mountPoint]) {
    await mkdir(place, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
  if (process.getuid?.() !== 0) return;
  const { uid } = await stat(places.data);
  if (uid === owner) return;
  const handOver = ["-R", "-h", "-P", `${owner}:${owner}`, places.data];
  if (uid !== 0) await promisify(execFile)("chown", handOver);
  await giveTo(owner, [places.data, places.run]);
}

/** All of it, with what users' code closed by modes (to an ordinary user; root is not stopped by them). */
export async function removePlaces(places: WorkspacePlaces): Promise<void> {
  const options = { recursive: true, force: true, maxRetries: 3 };
  try {
    await rm(places.base, options);
  } catch (error) {
    if (!["EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    await promisify(execFile)("chmod", ["-R", "u+rwX", places.data, places.run]);
    await rm(places.base, options);
  }
}

export async function giveTo(uid: number, directories: string[]): Promise<void> {
  for (const directory of directories) await chown(directory, uid, uid);
}
