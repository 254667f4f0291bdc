import { becomeUser, inCgroups, withLimits } from "#workspaces/drivers/local/limit-arguments.ts";
import type { Mount, SandboxPlan } from "#workspaces/drivers/local/sandbox-plan.ts";

// The parent whose death ends the sandbox: not the runner, which may die and come back, but a shell that only waits.
const KEEPER = ["/bin/sh", "-c", '"$@" & wait $!', "carrel"];

/**
 * The plan as a bubblewrap command. As root no user namespace is made: the sandbox gets a uid of its own, and the
 * three capabilities that take it there are dropped on the way. bubblewrap itself stays as pid 1 and reaps.
 */
export function bubblewrapCommand(plan: SandboxPlan, program = "bwrap"): string[] {
  const inner = withLimits(plan.limits, plan.command);
  const identity = plan.asRoot
    ? ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP"]
    : ["--unshare-user", "--uid", String(plan.uid), "--gid", String(plan.uid)];
  return inCgroups(plan.cgroupFiles, [
    ...KEEPER,
    program,
    "--die-with-parent",
    ...["pid", "net", "ipc", "uts", "cgroup"].map((kind) => `--unshare-${kind}`),
    ...identity,
    "--new-session",
    "--hostname",
    "workspace",
    ...parentsOf(plan.mounts).flatMap((at) => ["--perms", "0755", "--dir", at]),
    ...plan.mounts.flatMap(mountArguments),
    "--remount-ro",
    "/",
    "--chdir",
    "/workspace",
    "--",
    ...(plan.asRoot ? [...becomeUser(plan.uid), ...inner] : inner),
  ]);
}

function mountArguments(mount: Mount): string[] {
  switch (mount.kind) {
    case "tmpfs":
      return ["--perms", mount.mode, "--size", String(mount.bytes), "--tmpfs", mount.at];
    case "bind":
      return [mount.writable ? "--bind" : "--ro-bind", mount.from, mount.at];
    case "device":
      return ["--dev-bind", mount.at, mount.at];
    case "link":
      return ["--symlink", mount.to, mount.at];
    case "proc":
      return ["--proc", mount.at];
  }
}

// Directories that bubblewrap makes on its way are its own alone; another uid must be able to walk through these.
function parentsOf(mounts: Mount[]): string[] {
  const mounted = new Set(mounts.map(({ at }) => at));
  const parents = mounts.flatMap(({ at }) => {
    const parts = at.split("/").slice(1, -1);
    return parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
  });
  return [...new Set(parents)].filter((at) => !mounted.has(at));
}
