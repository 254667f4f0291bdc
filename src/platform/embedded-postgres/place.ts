import { createHash } from "node:crypto";
import { chown, lstat, mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#platform/errors.ts";

/**
 * PostgreSQL refuses to run as root. Started by root it runs under this user id, which no distribution gives to
 * anybody (60578-61183 is unused by systemd's and Debian's tables), so that no other unprivileged process shares it.
 */
const UNPRIVILEGED_UID = 60870;

/** A unix socket's path has 107 bytes; PostgreSQL appends this and, for its lock file, ".lock". */
const SOCKET_NAME = "/.s.PGSQL.5432";
const SOCKET_PATH_LIMIT = 107;

export interface Place {
  /** parent of the data directory; owned by the user that PostgreSQL runs as, mode 0700 */
  root: string;
  data: string;
  /** directory of the socket, as clients outside see it */
  socket: string;
  /** tells this cluster's server from any other in a process list */
  clusterName: string;
  /** the user id to run as, or undefined when it is our own */
  uid: number | undefined;
}

/** Where the cluster of `home` is, or would be. Looks at nothing and makes nothing. */
export function locatePlace(home: string): Place {
  const hash = createHash("sha256").update(home).digest("hex").slice(0, 12);
  const ownUid = process.getuid?.();
  const root = path.join(home, "postgres");
  const near = path.join(root, "socket");
  const fits = Buffer.byteLength(near + SOCKET_NAME) <= SOCKET_PATH_LIMIT;
  return {
    root,
    data: path.join(root, "data"),
    socket: fits ? near : `/tmp/carrel-${ownUid}-${hash}`,
    clusterName: `carrel-${hash}`,
    uid: ownUid === 0 ? UNPRIVILEGED_UID : undefined,
  };
}

/** Makes the directories of the cluster of `home`. Only for who holds the lock on it. */
export async function preparePlace(home: string): Promise<Place> {
  const place = locatePlace(home);
  await makePrivate(place.root, place.uid);
  await makePrivate(place.socket, place.uid);
  return place;
}

/** Somebody else may have made a directory of that name first, in /tmp above all: owner, kind and mode are checked. */
async function makePrivate(dir: string, uid: number | undefined): Promise<void> {
  try {
    await mkdir(dir, { mode: 0o700, recursive: true });
    if (uid !== undefined && (await isOurs(dir, 0))) await chown(dir, uid, uid);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? "unknown error";
    throw new AppError(
      "unavailable",
      `Cannot write to ${dir} (${reason}): set CARREL_HOME to a directory you own`,
      {
        cause,
      },
    );
  }
  if (!(await isOurs(dir, uid ?? process.getuid?.() ?? 0))) {
    throw new AppError(
      "unavailable",
      `${dir} belongs to somebody else or is open to others: remove it, or chmod it 0700`,
    );
  }
}

async function isOurs(dir: string, uid: number): Promise<boolean> {
  const found = await lstat(dir);
  return found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0;
}

export async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
}
