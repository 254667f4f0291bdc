import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import type { ContainerInspectInfo } from "dockerode";
import pLimit from "p-limit";
import { AppError } from "#platform/errors.ts";
import type { Logger } from "#platform/log.ts";
import type { HostReport, LinkRole, WorkspaceDriver, WorkspaceSpec } from "#workspaces/driver.ts";
import { type Groups, readOutOfMemoryKills } from "#workspaces/drivers/cgroup-figures.ts";
import { containerGroups } from "#workspaces/drivers/docker/container-groups.ts";
import {
  checkUserId,
  containerSpec,
  LABELS,
  WORKSPACE_UID,
} from "#workspaces/drivers/docker/container-spec.ts";
import { readContainerStats } from "#workspaces/drivers/docker/container-stats.ts";
import { Containers } from "#workspaces/drivers/docker/containers.ts";
import { type DataStore, dataStore } from "#workspaces/drivers/docker/data-store.ts";
import { dialByExec, listensByExec } from "#workspaces/drivers/docker/dial-by-exec.ts";
import { Lanes } from "#workspaces/drivers/docker/lanes.ts";
import { type Engine, probeEngine } from "#workspaces/drivers/docker/probe-engine.ts";
import {
  makeSocketDirectory,
  removeSocketDirectory,
  renewSocketDirectory,
  socketDirectory,
} from "#workspaces/drivers/docker/socket-directory.ts";
import { greeting, KEY_VARIABLE, newLinkKey } from "#workspaces/drivers/greeting.ts";
import { openSocket } from "#workspaces/drivers/open-socket.ts";
import { takeStartLock } from "#workspaces/drivers/start-lock.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

export interface DockerDriverOptions {
  engine: Docker;
  /** CARREL_HOME, absolute: the same path for the engine where sockets are to be shared */
  home: string;
  image: string;
  /** a stronger runtime that the engine knows (runsc, kata) */
  runtime?: string | undefined;
  /** false: never share a directory for the socket, even where it would work */
  socketMount?: boolean;
  /** false: never make disks of a bounded size, even where it would work */
  boundedDisks?: boolean;
  /** false: never read this host's control groups, as if the engine were on another one */
  hostFigures?: boolean;
  log?: Logger | undefined;
}

/** A container that was seen running. */
interface Seen {
  id: string;
  link: "socket" | "exec";
  key: string;
  groups: Groups;
}

/** Workspaces as hardened containers of a Docker engine, here or elsewhere. */
export class DockerDriver implements WorkspaceDriver {
  readonly name = "docker";
  readonly #options: DockerDriverOptions;
  readonly #docker: Docker;
  readonly #containers: Containers;
  readonly #home: string;
  readonly #lanes = new Lanes();
  readonly #starts = pLimit(TUNABLES.startsAtOnce);
  readonly #seen = new Map<string, Seen>();
  #probed: Promise<Engine> | null = null;

  constructor(options: DockerDriverOptions) {
    this.#options = options;
    this.#docker = options.engine;
    this.#containers = new Containers(options.engine);
    this.#home = path.resolve(options.home);
  }

  async probe(): Promise<HostReport> {
    return (await this.#engine()).report;
  }

  async create(spec: WorkspaceSpec): Promise<void> {
    await this.#alone(spec.userId, () => this.#create(spec));
  }

  start(spec: WorkspaceSpec): Promise<void> {
    // Before the lock, which is not for waiting in line.
    return this.#starts(() => this.#alone(spec.userId, () => this.#start(spec)));
  }

  stop(userId: string): Promise<void> {
    return this.#alone(userId, () => this.#stop(userId));
  }

  destroy(userId: string): Promise<void> {
    return this.#alone(userId, async () => {
      await this.#stop(userId);
      await this.#containers.remove(userId);
      await (await this.#data()).remove(userId);
      await removeSocketDirectory(this.#home, userId);
    });
  }

  running(): Promise<string[]> {
    return this.#containers.running(this.#home);
  }

  async status(userId: string) {
    const found = await this.#containers.inspect(userId);
    if (found?.State.Paused) return { state: "paused" } as const;
    if (found?.State.Running) return { state: "running" } as const;
    return { state: (await (await this.#data()).exists(userId)) ? "stopped" : "absent" } as const;
  }

  async stats(userId: string) {
    const groups = this.#seen.get(userId)?.groups;
    const stats = await readContainerStats(this.#docker, await this.#containers.inspect(userId), groups);
    return { ...stats, diskBytes: await (await this.#data()).usedBytes(userId) };
  }

  async tidy(): Promise<void> {
    const running = new Set(await this.running());
    const held = await (await this.#data()).held();
    for (const userId of held.filter((each) => !running.has(each)))
      await this.#alone(userId, () => this.#releaseIdle(userId));
  }

  async outOfMemoryKills(userId: string): Promise<number | null> {
    return readOutOfMemoryKills(this.#seen.get(userId)?.groups ?? {});
  }

  dial(userId: string, role: LinkRole): Promise<Duplex> {
    return this.#lanes.run(userId, async () => {
      const { id, link, key } = this.#seen.get(userId) ?? (await this.#look(userId));
      const first = greeting(role, key);
      if (link === "socket") return openSocket(this.#socket(userId), WORKSPACE_UID, first);
      const closed = (ended: Promise<void>) => void this.#lanes.run(userId, () => ended);
      return dialByExec(this.#docker.getContainer(id), first, closed);
    });
  }

  pause(userId: string): Promise<void> {
    return this.#lanes.run(userId, () => this.#containers.pause(userId));
  }

  resume(userId: string): Promise<void> {
    return this.#lanes.run(userId, () => this.#containers.unpause(userId));
  }

  /** Not while another does anything to this workspace: here, or in another runner with the same home. */
  #alone<T>(userId: string, work: () => Promise<T>): Promise<T> {
    checkUserId(userId);
    return this.#lanes.run(userId, async () => {
      const locks = path.join(this.#home, "locks");
      await mkdir(locks, { recursive: true, mode: 0o700 });
      const lock = await takeStartLock(path.join(locks, userId));
      return work().finally(() => lock.release());
    });
  }

  #socket(userId: string): string {
    return path.join(socketDirectory(this.#home, userId), "supervisor.sock");
  }

  #engine(): Promise<Engine> {
    this.#probed ??= probeEngine(this.#docker, { ...this.#options, home: this.#home }).catch(
      (error: unknown) => {
        // The operator may mend it while we run: the next one looks again.
        this.#probed = null;
        throw error;
      },
    );
    return this.#probed;
  }

  async #data(): Promise<DataStore> {
    return dataStore(this.#docker, this.#home, (await this.#engine()).boundedDisks);
  }

  /** Makes the container, or leaves the one that is as wanted, or runs. Answers it as it stands. */
  async #create(spec: WorkspaceSpec): Promise<ContainerInspectInfo> {
    const { userId } = spec;
    const engine = await this.#engine();
    const [past, imageId, data] = await Promise.all([
      this.#containers.inspect(userId),
      engine.imageId(),
      (await this.#data()).prepare(spec),
      engine.socketMount ? makeSocketDirectory(this.#home, userId, WORKSPACE_UID) : null,
    ]);
    const wanted = containerSpec({
      spec,
      home: this.#home,
      image: this.#options.image,
      imageId,
      socketDirectory: engine.socketMount ? socketDirectory(this.#home, userId) : null,
      data,
      runtime: this.#options.runtime ?? null,
      linkKey: newLinkKey(),
      bounds: engine.bounds,
    });
    const same = past?.Config.Labels[LABELS.spec] === wanted.Labels?.[LABELS.spec];
    // One that runs stays as it is until it is stopped: nobody's processes end because a runner was upgraded.
    if (past && (past.State.Running || (same && past.State.Status !== "dead"))) return past;
    if (past) await this.#containers.remove(userId);
    return this.#containers.create(userId, wanted);
  }

  async #start(spec: WorkspaceSpec): Promise<void> {
    const { userId } = spec;
    const found = await this.#create(spec);
    if (found.State.Paused) await this.#containers.unpause(userId);
    if (found.State.Running && (await this.#comesUp(userId, found))) return;
    // It ran, and nobody listens in there any more.
    if (found.State.Running) {
      await this.#stop(userId);
      await (await this.#data()).prepare(spec);
    }
    if (found.Config.Labels[LABELS.link] === "socket")
      await renewSocketDirectory(this.#home, userId, WORKSPACE_UID);
    await this.#containers.start(userId);
    await this.#look(userId);
    if (!(await this.#listens(userId, TUNABLES.startMs))) {
      const words = await this.#containers.lastWords(userId);
      throw new AppError("unavailable", `The workspace did not start: ${words}`);
    }
  }

  /** One that was started a moment ago, by another runner say, is given its time. */
  async #comesUp(userId: string, found: ContainerInspectInfo): Promise<boolean> {
    // It may have ended since it was found running.
    if ((await this.#see(userId)) === null) return false;
    const age = Date.now() - Date.parse(found.State.StartedAt);
    return this.#listens(userId, Math.min(TUNABLES.startMs, Math.max(0, TUNABLES.startMs - age)));
  }

  /** @throws AppError unavailable when it does not run */
  async #look(userId: string): Promise<Seen> {
    const seen = await this.#see(userId);
    if (seen === null) throw new AppError("unavailable", "The workspace is not running.");
    return seen;
  }

  /** null: it does not run */
  async #see(userId: string): Promise<Seen | null> {
    const found = await this.#containers.inspect(userId);
    if (!found?.State.Running) {
      this.#seen.delete(userId);
      return null;
    }
    const link = found.Config.Labels[LABELS.link] === "socket" ? "socket" : "exec";
    const elsewhere = this.#options.hostFigures === false;
    const groups = elsewhere ? {} : await containerGroups(found.State.Pid, found.Id);
    const variable = found.Config.Env.find((each) => each.startsWith(`${KEY_VARIABLE}=`));
    const key = variable?.slice(KEY_VARIABLE.length + 1) ?? "";
    const seen: Seen = { id: found.Id, link, key, groups };
    this.#seen.set(userId, seen);
    return seen;
  }

  async #listens(userId: string, ms: number): Promise<boolean> {
    const { id, link } = this.#seen.get(userId) ?? (await this.#look(userId));
    if (link === "exec") return listensByExec(this.#docker.getContainer(id), ms);
    const deadline = performance.now() + ms;
    for (let look = 1; ; look += 1) {
      // Nobody listens yet: asked again until the deadline.
      const duplex = await openSocket(this.#socket(userId), WORKSPACE_UID, "F").catch(() => null);
      duplex?.destroy();
      if (duplex) return true;
      if (performance.now() >= deadline) return false;
      // Now and then: does it run at all?
      if (look % 50 === 0 && !(await this.#containers.inspect(userId))?.State.Running) return false;
      await sleep(TUNABLES.startPollMs);
    }
  }

  /** A runner that died in the middle of a start, or a container that ended by itself, leaves its disk mounted. */
  async #releaseIdle(userId: string): Promise<void> {
    if (!(await this.#containers.inspect(userId))?.State.Running) await (await this.#data()).release(userId);
  }

  async #stop(userId: string): Promise<void> {
    this.#seen.delete(userId);
    await this.#containers.stop(userId);
    await (await this.#data()).release(userId);
  }
}
