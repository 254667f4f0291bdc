import { chmod, mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import path from "node:path";
import type Docker from "dockerode";
import { AppError, isAppError } from "#platform/errors.ts";
import type { Logger } from "#platform/log.ts";
import type { HostReport, WorkspaceSpec } from "#workspaces/driver.ts";
import { BoundedDisks } from "#workspaces/drivers/docker/bounded-disks.ts";
import {
  type ContainerInput,
  containerSpec,
  WORKSPACE_UID,
} from "#workspaces/drivers/docker/container-spec.ts";
import { engineCall, engineStatus, tolerating } from "#workspaces/drivers/docker/engine-call.ts";
import {
  makeSocketDirectory,
  removeSocketDirectory,
  socketDirectory,
} from "#workspaces/drivers/docker/socket-directory.ts";
import { openDoor, PROBE_SCRIPT, ProbeAnswer } from "#workspaces/drivers/probe-script.ts";
import { tellSeparation } from "#workspaces/drivers/tell-separation.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

export interface Engine {
  report: HostReport;
  /** whether a directory of ours can be shared for the socket */
  socketMount: boolean;
  /** whether disks of a bounded size can be mounted into containers */
  boundedDisks: boolean;
  bounds: ContainerInput["bounds"];
  /** of the image as it is now: it may have been built anew since */
  imageId(): Promise<string>;
}

export interface ProbeOptions {
  home: string;
  image: string;
  runtime?: string | undefined;
  socketMount?: boolean;
  boundedDisks?: boolean;
  /** hears why something that was tried does not work here */
  log?: Logger | undefined;
}

/**
 * Asks the engine what it can, then runs a real container and looks from inside. What this process and the engine
 * share (a directory, a mount) is found by trying: they may stand on different hosts, or one in a container.
 * @throws AppError unavailable, one line with what to do
 */
export async function probeEngine(docker: Docker, options: ProbeOptions): Promise<Engine> {
  const { image } = options;
  const info = (await engineCall("say what it can", TUNABLES.engineFirstMs, () =>
    docker.info(),
  )) as EngineInfo;
  if (info.OSType !== "linux")
    throw new AppError("unavailable", "The container engine has no Linux containers.");
  const imageId = () => readImageId(docker, image);
  await imageId();
  const bounds = {
    swap: info.SwapLimit,
    pids: info.PidsLimit,
    cpu: info.CPUCfsQuota ?? info.CpuCfsQuota ?? false,
  };
  const asRoot = process.getuid?.() === 0;
  const wanted = {
    socketMount: asRoot && options.socketMount !== false,
    boundedDisks: asRoot && options.boundedDisks !== false,
  };
  const tried = await tryContainer(docker, options, bounds, wanted);
  const door = openDoor(tried.seen);
  if (door !== null)
    throw new AppError("unavailable", `The container engine's containers do not hold: ${door}.`);
  return { ...tried, bounds, imageId, report: inWords(info, tried, options.runtime) };
}

interface EngineInfo {
  OSType: string;
  ServerVersion: string;
  MemoryLimit: boolean;
  SwapLimit: boolean;
  PidsLimit: boolean;
  CPUCfsQuota?: boolean;
  CpuCfsQuota?: boolean;
}

async function readImageId(docker: Docker, image: string): Promise<string> {
  try {
    const found = await engineCall("look at the image", TUNABLES.engineMs, () =>
      docker.getImage(image).inspect(),
    );
    return found.Id;
  } catch (error) {
    if (engineStatus(error) !== 404) throw error;
    throw new AppError(
      "unavailable",
      `The container engine has no image ${image}: npm run workspace-image makes it.`,
    );
  }
}

interface Tried {
  seen: ProbeAnswer;
  socketMount: boolean;
  boundedDisks: boolean;
}

async function tryContainer(
  docker: Docker,
  options: ProbeOptions,
  bounds: ContainerInput["bounds"],
  wanted: { socketMount: boolean; boundedDisks: boolean },
): Promise<Tried> {
  await mkdir(options.home, { recursive: true, mode: 0o700 });
  const directory = await mkdtemp(path.join(options.home, "probe-"));
  await chmod(directory, 0o700);
  const userId = path.basename(directory);
  const spec: WorkspaceSpec = {
    userId,
    slot: -1,
    memoryBytes: 256 * 1024 * 1024,
    cpus: 1,
    processes: 64,
    openFiles: 512,
    diskBytes: 16 * 1024 * 1024,
  };
  const disks = await BoundedDisks.in(directory);
  const unbounded = (reason: object) =>
    options.log?.warn(reason, "the disks of workspaces cannot be bounded here");
  try {
    if (wanted.socketMount) await makeSocketDirectory(directory, userId, WORKSPACE_UID);
    const disk = wanted.boundedDisks
      ? await disks.prepare(spec).catch((err: unknown) => {
          unbounded({ err });
          return null;
        })
      : null;
    const input: ContainerInput = {
      spec,
      home: directory,
      image: options.image,
      imageId: "",
      socketDirectory: wanted.socketMount ? socketDirectory(directory, userId) : null,
      data: disk ?? { volume: `workspace-${userId}` },
      runtime: options.runtime ?? null,
      linkKey: "",
      bounds,
    };
    const seen = await runProbe(docker, input);
    if (seen === null) {
      if (disk) unbounded({ reason: "the engine does not find a directory of this host" });
      return await tryContainer(docker, options, bounds, { socketMount: false, boundedDisks: false });
    }
    const came = (file: string) =>
      stat(file).then(
        ({ uid }) => uid === WORKSPACE_UID,
        () => false,
      );
    const socketMount = wanted.socketMount && (await came(`${socketDirectory(directory, userId)}/probe`));
    const boundedDisks = disk !== null && (await came(`${disk.directory}/probe`));
    if (disk && !boundedDisks)
      unbounded({ reason: "the engine's containers do not see a mount of this host" });
    return { seen, socketMount, boundedDisks };
  } finally {
    await disks.release(userId);
    await removeSocketDirectory(directory, userId);
    await rm(directory, { recursive: true, force: true });
    const volume = docker.getVolume(`workspace-${userId}`);
    await tolerating(
      [404],
      engineCall("remove a volume", TUNABLES.engineMs, () => volume.remove()),
    );
  }
}

const MARKS = `for (const at of ["/run/carrel", "/workspace"]) try { fs.writeFileSync(at + "/probe", "") } catch {}`;

/** null: the engine does not find what we would share with it. */
async function runProbe(docker: Docker, input: ContainerInput): Promise<ProbeAnswer | null> {
  const Cmd = ["/opt/carrel/bin/node", "-e", `${PROBE_SCRIPT}\n${MARKS}`];
  let container: Docker.Container;
  try {
    container = await engineCall("create a container", TUNABLES.engineSlowMs, (abortSignal) =>
      docker.createContainer({ ...containerSpec(input), Cmd, abortSignal }),
    );
  } catch (error) {
    // 400: a directory that is not there, on the engine's side.
    if (engineStatus(error) === 400 && input.socketDirectory !== null) return null;
    throw error;
  }
  try {
    await engineCall("start a container", TUNABLES.engineSlowMs, (abortSignal) =>
      container.start({ abortSignal }),
    );
    await engineCall("run a container", TUNABLES.engineSlowMs, (abortSignal) =>
      container.wait({ abortSignal }),
    );
    const logs = await engineCall("read a log", TUNABLES.engineMs, () =>
      container.logs({ stdout: true, stderr: true, follow: false }),
    );
    const text = logs.toString();
    const json = /\{.*\}/.exec(text)?.[0];
    if (json === undefined)
      throw new AppError("unavailable", `The workspace image does not work: ${text.slice(8, 300).trim()}`);
    return ProbeAnswer.parse(JSON.parse(json));
  } catch (error) {
    if (isAppError(error)) throw error;
    throw new AppError("unavailable", "The workspace image gives an answer that makes no sense.", {
      cause: error,
    });
  } finally {
    await engineCall("remove a container", TUNABLES.engineSlowMs, () =>
      container.remove({ force: true, v: true }),
    );
  }
}

/** For the operator and the workspace page. Pure. */
export function inWords(info: EngineInfo, tried: Tried, runtime: string | undefined): HostReport {
  const enforced = [
    "own file system, read-only but for /workspace, /tmp and /run",
    "own processes, network, hostname and shared memory; no network at all",
    "runs as an ordinary user of its own, all capabilities dropped, no new privileges",
    "open files and size of a file, per process",
  ];
  const notEnforced: string[] = [];
  const told = (holds: boolean, yes: string, no: string) =>
    holds ? enforced.push(yes) : notEnforced.push(no);
  told(info.MemoryLimit, "memory of the whole workspace", "memory: the engine cannot limit it");
  if (!info.SwapLimit) notEnforced.push("swap: the engine cannot limit it");
  told(info.PidsLimit, "number of processes", "number of processes: the engine cannot limit it");
  told(
    info.CPUCfsQuota ?? info.CpuCfsQuota ?? false,
    "share of the processors",
    "share of the processors: the engine cannot limit it",
  );
  told(
    tried.boundedDisks,
    "size of the disk",
    "size of the disk: measured and shown, held only for a single file (the runner is not root on the engine's host)",
  );
  tellSeparation(tried.seen.separation, "the image has no helper for it", { enforced, notEnforced });
  told(
    tried.seen.seccomp !== "0",
    "filter of system calls",
    "filter of system calls (seccomp): the engine sets none",
  );
  if (runtime !== undefined) enforced.push(`the runtime ${runtime}`);
  const link = tried.socketMount ? "a socket" : "exec streams";
  return {
    driver: "docker",
    sandbox: `Docker ${info.ServerVersion}, reached by ${link}`,
    enforced,
    notEnforced,
  };
}
