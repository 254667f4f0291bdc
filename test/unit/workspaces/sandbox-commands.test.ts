import { expect, test } from "vitest";
import { bubblewrapCommand } from "#workspaces/drivers/local/bubblewrap-command.ts";
import { type PlanInput, planSandbox } from "#workspaces/drivers/local/sandbox-plan.ts";
import { quote, utilLinuxCommand } from "#workspaces/drivers/local/util-linux-command.ts";

const GiB = 1024 ** 3;

function input(more: Partial<PlanInput> = {}): PlanInput {
  return {
    asRoot: true,
    host: {
      system: [
        { at: "/bin", link: "usr/bin" },
        { at: "/lib32", link: null },
      ],
      etc: [{ at: "/etc/ssl/certs", directory: true }],
    },
    places: {
      data: "/home/it's mine/data",
      run: "/h/run",
      etc: "/h/etc",
      mountPoint: "/h/root",
      node: "/h/node",
      keeper: null,
      supervisor: "/h/supervisor",
    },
    spec: {
      userId: "u",
      slot: 7,
      memoryBytes: GiB,
      cpus: 1,
      processes: 512,
      openFiles: 4096,
      diskBytes: 10 * GiB,
    },
    cgroupFiles: ["/sys/fs/cgroup/memory/x/cgroup.procs"],
    memoryByCgroup: true,
    hardLimits: { openFiles: 1_000_000, processes: 1_000_000 },
    ...more,
  };
}

test("only the workspace, its socket's directory and two small tmpfs can be written to", () => {
  const { mounts } = planSandbox(input());
  const writable = mounts.filter(
    (mount) => mount.kind === "tmpfs" || (mount.kind === "bind" && mount.writable),
  );
  expect(writable.map(({ at }) => at)).toEqual(["/tmp", "/run", "/run/carrel", "/workspace"]);
});

test("of the host nothing is shared but its system, the named parts of /etc and what the plan was given", () => {
  const { mounts } = planSandbox(input());
  const sources = mounts.flatMap((mount) => (mount.kind === "bind" ? [mount.from] : []));
  const known =
    /^\/(usr|lib32|etc\/ssl\/certs|h\/(etc\/\w+(\.conf)?|run|node|supervisor)|home\/it's mine\/data)$/;
  expect(sources.filter((from) => !known.test(from))).toEqual([]);
});

test("as root each workspace has a user id of its own, made from its slot", () => {
  expect(planSandbox(input()).uid).toBe(200_007);
  expect(planSandbox(input({ asRoot: false })).uid).toBe(1000);
});

test("limits never ask for more than the runner itself may have", () => {
  const { limits } = planSandbox(input({ hardLimits: { openFiles: 1024, processes: 100 } }));
  expect(limits).toEqual({ nofile: 1024, nproc: 100, core: 0, fsize: 10 * GiB });
});

test("where no control group counts memory each process is limited by itself", () => {
  expect(planSandbox(input()).limits.data).toBeUndefined();
  expect(planSandbox(input({ memoryByCgroup: false })).limits.data).toBe(GiB);
});

test.each([true, false])("bubblewrap gets every namespace and an identity (root: %s)", (asRoot) => {
  const command = bubblewrapCommand(planSandbox(input({ asRoot })));
  for (const kind of ["pid", "net", "ipc", "uts", "cgroup"]) expect(command).toContain(`--unshare-${kind}`);
  expect(command.includes("--unshare-user")).toBe(!asRoot);
  expect(command.includes("--reuid=200007")).toBe(asRoot);
  expect(command.includes("--cap-add")).toBe(asRoot);
});

test.each([true, false])("util-linux gets every namespace and drops all rights (root: %s)", (asRoot) => {
  const command = utilLinuxCommand(planSandbox(input({ asRoot })));
  for (const kind of ["mount", "pid", "net", "ipc", "uts", "cgroup"]) expect(command).toContain(`--${kind}`);
  expect(command).toContain("--bounding-set=-all");
  expect(command).toContain("--no-new-privs");
  expect(command.includes("--map-root-user")).toBe(!asRoot);
});

test.each([bubblewrapCommand, utilLinuxCommand])(
  "the control groups are entered before anything else (%o)",
  (build) => {
    const command = build(planSandbox(input()));
    expect(command.slice(0, 2)).toEqual(["/bin/sh", "-c"]);
    expect(command.slice(3, 6)).toEqual(["carrel", "/sys/fs/cgroup/memory/x/cgroup.procs", "--"]);
    expect(build(planSandbox(input({ cgroupFiles: [] }))).join(" ")).not.toContain("cgroup.procs");
  },
);

test("a path with quotes in it is one word for the shell", () => {
  expect(quote("it's")).toBe(`'it'\\''s'`);
  const script = utilLinuxCommand(planSandbox(input())).find((word) => word.startsWith("set -e"));
  expect(script).toContain(`mount --rbind '/home/it'\\''s mine/data' './workspace'`);
});

test("the command itself comes last, under the limits", () => {
  const plan = planSandbox(input({ command: ["/bin/true", "a b"] }));
  for (const command of [bubblewrapCommand(plan), utilLinuxCommand(plan)]) {
    expect(command.slice(-2)).toEqual(["/bin/true", "a b"]);
    expect(command).toContain("prlimit");
    expect(command).toContain("--nofile=4096:4096");
  }
});
