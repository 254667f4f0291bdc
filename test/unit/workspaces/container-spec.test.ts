import { expect, test } from "vitest";
import {
  type ContainerInput,
  checkUserId,
  containerSpec,
  LABELS,
} from "#workspaces/drivers/docker/container-spec.ts";

const INPUT: ContainerInput = {
  spec: {
    userId: "u-1",
    slot: 7,
    memoryBytes: 2 ** 30,
    cpus: 1.5,
    processes: 512,
    openFiles: 4096,
    diskBytes: 10 * 2 ** 30,
  },
  home: "/var/lib/carrel",
  image: "carrel-workspace:1",
  imageId: "sha256:a",
  socketDirectory: "/var/lib/carrel/containers/u-1/run",
  data: { volume: "workspace-u-1" },
  runtime: null,
  linkKey: "k",
  bounds: { swap: true, pids: true, cpu: true },
};

test("a workspace's container has no root, no capability, no network and no way to gain any", () => {
  const { name, User, HostConfig, Env } = containerSpec(INPUT);
  expect(name).toBe("workspace-u-1");
  expect(User).toBe("10001:10001");
  expect(Env).toEqual(["CARREL_MEMORY_BYTES=1073741824", "CARREL_PROCESSES=512", "CARREL_LINK_KEY=k"]);
  expect(HostConfig).toMatchObject({
    ReadonlyRootfs: true,
    CapDrop: ["ALL"],
    SecurityOpt: ["no-new-privileges:true"],
    Privileged: false,
    NetworkMode: "none",
    IpcMode: "private",
    RestartPolicy: { Name: "no" },
  });
  for (const open of ["CapAdd", "Devices", "PidMode", "UsernsMode", "UTSMode", "Binds", "GroupAdd"])
    expect(HostConfig).not.toHaveProperty(open);
});

test("every limit of the tier is in it, and swap is none", () => {
  expect(containerSpec(INPUT).HostConfig).toMatchObject({
    Memory: 2 ** 30,
    MemorySwap: 2 ** 30,
    NanoCpus: 1.5e9,
    PidsLimit: 512,
    Ulimits: [
      { Name: "nofile", Soft: 4096, Hard: 4096 },
      { Name: "core", Soft: 0, Hard: 0 },
      { Name: "fsize", Soft: 10 * 2 ** 30, Hard: 10 * 2 ** 30 },
    ],
  });
});

test("what the engine cannot bound is not asked of it", () => {
  const bounds = { swap: false, pids: false, cpu: false };
  const { HostConfig } = containerSpec({ ...INPUT, bounds });
  for (const asked of ["MemorySwap", "PidsLimit", "NanoCpus"]) expect(HostConfig).not.toHaveProperty(asked);
});

test("of the host there is its own data and its own socket's directory, and without a shared one only its data", () => {
  expect(containerSpec(INPUT).HostConfig?.Mounts).toEqual([
    { Type: "volume", Source: "workspace-u-1", Target: "/workspace" },
    { Type: "bind", Source: "/var/lib/carrel/containers/u-1/run", Target: "/run/carrel" },
  ]);
  const alone = containerSpec({ ...INPUT, socketDirectory: null, data: { directory: "/disks/u-1" } });
  expect(alone.HostConfig?.Mounts).toEqual([{ Type: "bind", Source: "/disks/u-1", Target: "/workspace" }]);
  expect(alone.HostConfig?.Tmpfs?.["/run/carrel"]).toContain("mode=0700,uid=10001");
});

test("a stronger runtime is asked for where one is set", () => {
  expect(containerSpec(INPUT).HostConfig).not.toHaveProperty("Runtime");
  expect(containerSpec({ ...INPUT, runtime: "runsc" }).HostConfig?.Runtime).toBe("runsc");
});

test("its fingerprint changes with the image and with each limit, and with nothing else", () => {
  const print = (change: Partial<ContainerInput>) =>
    containerSpec({ ...INPUT, ...change }).Labels?.[LABELS.spec];
  expect(print({ linkKey: "another" })).toBe(print({}));
  const changes: Partial<ContainerInput>[] = [
    { imageId: "sha256:b" },
    { runtime: "runsc" },
    { socketDirectory: null },
    { spec: { ...INPUT.spec, memoryBytes: 2 ** 29 } },
    { spec: { ...INPUT.spec, openFiles: 100 } },
  ];
  expect(new Set([{}, ...changes].map(print)).size).toBe(changes.length + 1);
});

test("what is no user's id becomes no name and no path", () => {
  expect(() => checkUserId("0192f-ab")).not.toThrow();
  for (const id of ["", "../x", "a/b", "a b", "x".repeat(65)]) expect(() => checkUserId(id)).toThrow();
});
