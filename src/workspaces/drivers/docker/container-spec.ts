import { createHash } from "node:crypto";
import type { ContainerCreateOptions } from "dockerode";
import { AppError } from "#platform/errors.ts";
import type { WorkspaceSpec } from "#workspaces/driver.ts";
import { KEY_VARIABLE } from "#workspaces/drivers/greeting.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

/** The uid and gid of everything in a workspace, as workspace-image/ has them. */
export const WORKSPACE_UID = 10_001;
export const SOCKET = "/run/carrel/supervisor.sock";

export const LABELS = {
  /** which installation a container is of: engines may hold those of several */
  home: "carrel.home",
  user: "carrel.user",
  /** of all that follows from image and specification: what differs is made anew at the next start */
  spec: "carrel.spec",
  link: "carrel.link",
  disk: "carrel.disk",
} as const;

export interface ContainerInput {
  spec: WorkspaceSpec;
  /** CARREL_HOME */
  home: string;
  image: string;
  /** of the image as the engine has it now */
  imageId: string;
  /** a directory of the engine's host for the socket; null: no mount, the link goes over an exec stream */
  socketDirectory: string | null;
  /** what holds the data: a volume by its name, or a directory of the host with a disk of its own */
  data: { volume: string } | { directory: string };
  /** how a stronger runtime is called (runsc, kata); null: the engine's own */
  runtime: string | null;
  /** by which the supervisor knows the platform; not part of what a container is compared by */
  linkKey: string;
  /** whether the engine can bound this */
  bounds: { swap: boolean; pids: boolean; cpu: boolean };
}

/** It becomes part of names and paths. @throws AppError bad_request */
export function checkUserId(userId: string): void {
  if (!/^[0-9A-Za-z-]{1,64}$/.test(userId)) throw new AppError("bad_request", "That is not a user's id.");
}

export function containerName(userId: string): string {
  return `workspace-${userId}`;
}

/** The whole container as data. Pure. What is not said here is the engine's default (seccomp, masked paths). */
export function containerSpec(input: ContainerInput): ContainerCreateOptions {
  const { spec, bounds } = input;
  const tmp = Math.min(TUNABLES.tmpBytes, Math.floor(spec.memoryBytes / 2));
  const definition: ContainerCreateOptions = {
    name: containerName(spec.userId),
    Hostname: "workspace",
    Image: input.image,
    User: `${WORKSPACE_UID}:${WORKSPACE_UID}`,
    // Not the workspace: its owner may have closed it.
    WorkingDir: "/",
    Tty: false,
    OpenStdin: false,
    Env: [`CARREL_MEMORY_BYTES=${spec.memoryBytes}`, `CARREL_PROCESSES=${spec.processes}`],
    HostConfig: {
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges:true"],
      Privileged: false,
      NetworkMode: "none",
      IpcMode: "private",
      ...(input.runtime === null ? {} : { Runtime: input.runtime }),
      Memory: spec.memoryBytes,
      // Memory and swap together: none of it is swap.
      ...(bounds.swap ? { MemorySwap: spec.memoryBytes } : {}),
      ...(bounds.cpu ? { NanoCpus: Math.round(spec.cpus * 1e9) } : {}),
      ...(bounds.pids ? { PidsLimit: spec.processes } : {}),
      // When the host itself runs short, a workspace goes before what serves everybody.
      OomScoreAdj: 100,
      Ulimits: [
        { Name: "nofile", Soft: spec.openFiles, Hard: spec.openFiles },
        { Name: "core", Soft: 0, Hard: 0 },
        { Name: "fsize", Soft: spec.diskBytes, Hard: spec.diskBytes },
      ],
      Tmpfs: {
        "/tmp": `rw,exec,nosuid,nodev,size=${tmp},mode=1777`,
        "/run": `rw,noexec,nosuid,nodev,size=${TUNABLES.runBytes},mode=1777`,
        ...(input.socketDirectory === null ? { "/run/carrel": socketTmpfs() } : {}),
      },
      ShmSize: TUNABLES.shmBytes,
      Mounts: mounts(input),
      RestartPolicy: { Name: "no" },
      // Users' code can write to the supervisor's own output: it must not fill the host's disk.
      LogConfig: { Type: "json-file", Config: { "max-size": "1m", "max-file": "1" } },
    },
  };
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([input.imageId, definition]))
    .digest("hex");
  definition.Env?.push(`${KEY_VARIABLE}=${input.linkKey}`);
  definition.Labels = {
    [LABELS.home]: input.home,
    [LABELS.user]: spec.userId,
    [LABELS.spec]: fingerprint.slice(0, 32),
    [LABELS.link]: input.socketDirectory === null ? "exec" : "socket",
    [LABELS.disk]: String(spec.diskBytes),
  };
  return definition;
}

function socketTmpfs(): string {
  return `rw,noexec,nosuid,nodev,size=64k,mode=0700,uid=${WORKSPACE_UID},gid=${WORKSPACE_UID}`;
}

function mounts({
  data,
  socketDirectory,
}: ContainerInput): NonNullable<NonNullable<ContainerCreateOptions["HostConfig"]>["Mounts"]> {
  const bind = (Source: string, Target: string) => ({ Type: "bind" as const, Source, Target });
  return [
    "volume" in data
      ? { Type: "volume", Source: data.volume, Target: "/workspace" }
      : bind(data.directory, "/workspace"),
    ...(socketDirectory === null ? [] : [bind(socketDirectory, "/run/carrel")]),
  ];
}
