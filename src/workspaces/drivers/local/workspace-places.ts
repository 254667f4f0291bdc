import { execFile } from "node:child_process";
import { chmod, chown, mkdir, stat } from "node:fs/promises";
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
    // Users' code owns what it sees of these and may have closed them, also to itself and its next start.
    await chmod(place, 0o700);
  }
  if (process.getuid?.() !== 0) return;
  await giveTo(owner, [places.run]);
  const { uid } = await stat(places.data);
  if (uid === owner) return;
  const handOver = ["-R", "-h", "-P", `${owner}:${owner}`, places.data];
  if (uid !== 0) await promisify(execFile)("chown", handOver);
  await giveTo(owner, [places.data]);
}

/** All of it, with what users' code closed by modes (to an ordinary user; root is not stopped by them). */
export async function removePlaces(places: WorkspacePlaces): Promise<void> {
  await removeTree(places.base);
}

/** The sandbox's side of the socket, empty again: users' code may have left anything there. For one that has ended. */
export async function clearRunDirectory(places: WorkspacePlaces): Promise<void> {
  await removeTree(places.run);
}

// By programs: they go down step by step, where the name of a deeply nested directory would be longer than the system takes.
async function removeTree(place: string): Promise<void> {
  if (process.getuid?.() !== 0 && (await exists(place))) {
    // It stops at nothing that it may not open, and whatever it could not is found by the next.
    await promisify(execFile)("chmod", ["-R", "u+rwX", "--", place]).catch(() => undefined);
  }
  await promisify(execFile)("rm", ["-rf", "--", place]);
}

function exists(place: string): Promise<boolean> {
  return stat(place).then(
    () => true,
    () => false,
  );
}

export async function giveTo(uid: number, directories: string[]): Promise<void> {
  for (const directory of directories) await chown(directory, uid, uid);
}
