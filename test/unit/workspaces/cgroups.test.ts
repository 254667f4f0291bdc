import { expect, test } from "vitest";
import { layoutOf } from "#workspaces/drivers/cgroup-layout.ts";
import { groupSettings } from "#workspaces/drivers/local/cgroups.ts";

const V1_MOUNTS = `
30 24 0:26 / /sys/fs/cgroup ro,nosuid - tmpfs tmpfs ro,mode=755
31 30 0:27 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
32 30 0:28 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
33 30 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
34 30 0:30 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw`;

test("version 1: a group is made below the runner's own, else at the top, controller by controller", () => {
  const layout = layoutOf("5:memory:/service\n4:pids:/\n3:cpu,cpuacct:/service\n0::/\n", V1_MOUNTS, []);
  expect(layout).toEqual({
    version: 1,
    controllers: {
      memory: ["/sys/fs/cgroup/memory/service", "/sys/fs/cgroup/memory"],
      pids: ["/sys/fs/cgroup/pids"],
      cpu: ["/sys/fs/cgroup/cpu,cpuacct/service", "/sys/fs/cgroup/cpu,cpuacct"],
      cpuacct: ["/sys/fs/cgroup/cpu,cpuacct/service", "/sys/fs/cgroup/cpu,cpuacct"],
    },
  });
});

test("version 1 in a container: the mount shows only its own part of the tree", () => {
  const mounts = "31 30 0:27 /docker/abc /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory";
  const { controllers } = layoutOf("5:memory:/docker/abc/inner\n", mounts, []);
  expect(controllers.memory).toEqual(["/sys/fs/cgroup/memory/inner", "/sys/fs/cgroup/memory"]);
});

test("version 2: only the controllers that the tree offers", () => {
  const mounts = "30 24 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate";
  const layout = layoutOf("0::/system.slice/carrel.service\n", mounts, ["memory", "pids"]);
  const places = ["/sys/fs/cgroup/system.slice/carrel.service", "/sys/fs/cgroup"];
  expect(layout).toEqual({ version: 2, controllers: { memory: places, pids: places } });
});

test("a machine without control groups has none", () => {
  expect(layoutOf("", "", []).controllers).toEqual({});
});

test("the limits of a workspace are written in the words of each version", () => {
  const spec = {
    userId: "u",
    slot: 1,
    memoryBytes: 1024,
    cpus: 1.5,
    processes: 9,
    openFiles: 1,
    diskBytes: 1,
  };
  const written = (version: 1 | 2) =>
    ["memory", "pids", "cpu"]
      .flatMap((name) => groupSettings(version, name, spec))
      .map(([file, value]) => `${file}=${value}`);
  expect(written(1)).toEqual([
    "memory.limit_in_bytes=1024",
    "memory.memsw.limit_in_bytes=1024",
    "pids.max=9",
    "cpu.cfs_period_us=100000",
    "cpu.cfs_quota_us=150000",
  ]);
  expect(written(2)).toEqual(["memory.max=1024", "memory.swap.max=0", "pids.max=9", "cpu.max=150000 100000"]);
});
