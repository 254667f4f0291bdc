import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import type { Place } from "#platform/embedded-postgres/place.ts";
import { AppError } from "#platform/errors.ts";

export interface Command {
  file: string;
  args: string[];
}

/** How PostgreSQL's programs are called: their paths as they see them, and the wrapping that takes privileges away. */
export interface Launcher {
  root: string;
  socket: string;
  command(program: "postgres" | "initdb", args: string[]): Command;
}

// The server ends by itself when we die without a word: SIGTERM lets the sessions that are open finish first.
const DIES_WITH_US = ["--pdeathsig", "TERM"];

/**
 * For root: a private mount namespace in which binaries, data and socket appear under a directory that everybody may
 * enter (the checkout may lie below a home of mode 0700), with a user table that knows the unprivileged user.
 */
const ROOM_SCRIPT = `
room=$1 native=$2 root=$3 socket=$4 uid=$5
shift 5
mount -t tmpfs -o mode=0755,size=256k carrel "$room"
mkdir "$room/native" "$room/root" "$room/socket"
mount --bind "$native" "$room/native"
mount --bind "$root" "$room/root"
mount --bind "$socket" "$room/socket"
printf 'root:x:0:0::/:/bin/sh\\ncarrel:x:%s:%s::/:/bin/sh\\n' "$uid" "$uid" > "$room/passwd"
mount --bind "$room/passwd" /etc/passwd
cd /
exec setpriv --reuid "$uid" --regid "$uid" --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs \\
  ${DIES_WITH_US.join(" ")} -- "$@"
`;

const ROOMS = ["/mnt", "/media", "/srv", "/opt"];

/** @throws AppError unavailable when root may not do what running PostgreSQL without root's rights needs */
export async function createLauncher(native: string, place: Place): Promise<Launcher> {
  const { uid } = place;
  if (uid === undefined) {
    return {
      root: place.root,
      socket: place.socket,
      command: (program, args) => ({
        file: "setpriv",
        args: [...DIES_WITH_US, "--", path.join(native, "bin", program), ...args],
      }),
    };
  }
  await checkMountNamespace();
  const room = ROOMS.find(
    (dir) => ![native, place.root, place.socket].some((used) => used.startsWith(`${dir}/`)),
  );
  if (room === undefined) {
    throw new AppError("unavailable", `Move the checkout or CARREL_HOME out of ${ROOMS.join(", ")}`);
  }
  const prefix = [
    "--mount",
    "sh",
    "-euc",
    ROOM_SCRIPT,
    "sh",
    room,
    native,
    place.root,
    place.socket,
    String(uid),
  ];
  return {
    root: `${room}/root`,
    socket: `${room}/socket`,
    command: (program, args) => ({
      file: "unshare",
      args: [...prefix, `${room}/native/bin/${program}`, ...args],
    }),
  };
}

async function checkMountNamespace(): Promise<void> {
  await promisify(execFile)("unshare", ["--mount", "true"]).catch((cause: Error & { stderr?: string }) => {
    const reason = cause.stderr?.trim() || cause.message;
    throw new AppError(
      "unavailable",
      `PostgreSQL cannot run here as root (${reason}): start Carrel as an ordinary user, or set DATABASE_URL`,
      { cause },
    );
  });
}
