import { becomeUser, DROP_ALL, inCgroups, withLimits } from "#workspaces/drivers/local/limit-arguments.ts";
import type { Mount, SandboxPlan } from "#workspaces/drivers/local/sandbox-plan.ts";

/**
 * The plan with what every Linux has: unshare, mount, pivot_root, setpriv, prlimit. A shell without any right stays
 * as pid 1: it reaps orphans and ends the sandbox with its supervisor.
 */
export function utilLinuxCommand(plan: SandboxPlan): string[] {
  const command = withLimits(plan.limits, [
    ...becomeNobodySpecial(plan),
    "/bin/sh",
    "-c",
    '"$@" & wait $!',
    "carrel",
    ...plan.command,
  ]);
  return inCgroups(plan.cgroupFiles, [
    "unshare",
    ...["mount", "pid", "net", "ipc", "uts", "cgroup"].map((kind) => `--${kind}`),
    ...(plan.asRoot ? [] : ["--user", "--map-root-user"]),
    "--propagation",
    "private",
    "--fork",
    "--kill-child",
    "/bin/sh",
    "-c",
    buildScript(plan),
    "carrel",
    ...command,
  ]);
}

function becomeNobodySpecial({ asRoot, uid }: SandboxPlan): string[] {
  if (asRoot) return becomeUser(uid);
  const map = [`--map-user=${uid}`, `--map-group=${uid}`];
  // Being root of the outer namespace was needed to mount; the inner one makes an ordinary user of it.
  return ["unshare", "--user", ...map, "--keep-caps", "--", "setpriv", ...DROP_ALL, "--"];
}

// The loopback is down in a new network namespace; iproute2 is not everywhere, perl or python nearly always is.
const LOOPBACK_UP = [
  "ip link set lo up 2>/dev/null",
  `perl -e 'socket(S,2,2,0) and ioctl(S,0x8914,pack("a16sx22","lo",73)) or exit 1' 2>/dev/null`,
  `/usr/bin/python3 -c 'import fcntl,socket,struct;fcntl.ioctl(socket.socket(2,2),0x8914,struct.pack("16sh22x",b"lo",73))' 2>/dev/null`,
  ":",
].join(" || ");

function buildScript(plan: SandboxPlan): string {
  return [
    "set -e",
    "umask 022",
    LOOPBACK_UP,
    "echo workspace 2>/dev/null > /proc/sys/kernel/hostname || :",
    `cd ${quote(plan.mountPoint)}`,
    "mount -t tmpfs -o mode=755,size=8m,nosuid,nodev none .",
    `cd ${quote(plan.mountPoint)}`,
    ...plan.mounts.flatMap(mountLines),
    "mkdir .old",
    "pivot_root . .old",
    "cd /workspace",
    "umount -l /.old",
    "rmdir /.old",
    "mount -o remount,bind,ro,nosuid,nodev /",
    'exec "$@"',
  ].join("\n");
}

function mountLines(mount: Mount): string[] {
  const at = quote(`.${mount.at}`);
  const parent = quote(`.${mount.at.slice(0, mount.at.lastIndexOf("/"))}`);
  switch (mount.kind) {
    case "tmpfs":
      return [
        `mkdir -p ${at}`,
        `mount -t tmpfs -o mode=${mount.mode},size=${mount.bytes},nosuid,nodev none ${at}`,
      ];
    case "bind": {
      const flags = `remount,bind,${mount.writable ? "rw" : "ro"},nosuid,nodev`;
      return [
        mount.directory ? `mkdir -p ${at}` : `mkdir -p ${parent}; : > ${at}`,
        // Recursive, since a tree without its mounts is refused to ordinary users.
        `mount --rbind ${quote(mount.from)} ${at}`,
        // A source that is noexec must stay so.
        `mount -o ${flags} ${at} 2>/dev/null || mount -o ${flags},noexec ${at}`,
      ];
    }
    case "device":
      return [`mkdir -p ${parent}; : > ${at}`, `mount --bind ${quote(mount.at)} ${at}`];
    case "link":
      return [`mkdir -p ${parent}`, `ln -s ${quote(mount.to)} ${at}`];
    case "proc":
      return [`mkdir -p ${at}`, `mount -t proc -o nosuid,nodev,noexec proc ${at}`];
  }
}

/** A word for the shell, whatever it holds. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
