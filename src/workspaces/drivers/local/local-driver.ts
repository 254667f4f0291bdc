import { createHash } from "node:crypto";
import { mkdir, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "#platform/errors.ts";
import type { HostReport, LinkRole, WorkspaceDriver, WorkspaceSpec } from "#workspaces/driver.ts";
import { readFigures, readOutOfMemoryKills } from "#workspaces/drivers/cgroup-figures.ts";
import { greeting } from "#workspaces/drivers/greeting.ts";
import { removeGroups } from "#workspaces/drivers/local/cgroups.ts";
import { launchSandbox } from "#workspaces/drivers/local/launch-sandbox.ts";
import type { LauncherName } from "#workspaces/drivers/local/launcher.ts";
import { type Probed, probeHost } from "#workspaces/drivers/local/probe-host.ts";
import { provideRuntime, type RuntimeFiles } from "#workspaces/drivers/local/runtime-files.ts";
import { sandboxUid } from "#workspaces/drivers/local/sandbox-plan.ts";
import { forgetState, readState, type SandboxState } from "#workspaces/drivers/local/sandbox-state.ts";
import {
  clearRunDirectory,
  makePlaces,
  placesOf,
  removePlaces,
} from "#workspaces/drivers/local/workspace-places.ts";
import { openSocket } from "#workspaces/drivers/open-socket.ts";
import { findInit, isAlive, killProcess } from "#workspaces/drivers/process-identity.ts";
import { takeStartLock } from "#workspaces/drivers/start-lock.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

export interface LocalDriverOptions {
  /** CARREL_HOME, absolute */
  home: string;
  /** of the supervisor's sources; the checkout's own when not said */
  supervisor?: string;
  /** the Node that runs in there; this process's own when not said */
  node?: string;
  /** tried in this order */
  launchers?: LauncherName[];
  /** false: as on a host without a C compiler, nothing keeps agents apart */
  keeper?: boolean;
}

const OWN_SUPERVISOR = path.resolve(import.meta.dirname, "../../../../workspace-image/supervisor");

/** Workspaces as sandboxes of Linux namespaces on this machine. No service, nothing to install. */
export class LocalDriver implements WorkspaceDriver {
  readonly name = "local";
  readonly #home: string;
  readonly #options: LocalDriverOptions;
  #runtime: Promise<RuntimeFiles> | null = null;
  #probed: Promise<Probed> | null = null;
  readonly #starting = new Map<string, Promise<void>>();
  readonly #states = new Map<string, SandboxState>();

  constructor(options: LocalDriverOptions) {
    this.#home = path.resolve(options.home);
    this.#options = options;
  }

  async probe(): Promise<HostReport> {
    return (await this.#probe()).report;
  }

  async create(spec: WorkspaceSpec): Promise<void> {
    await makePlaces(placesOf(this.#home, spec.userId), sandboxUid(process.getuid?.() === 0, spec.slot));
  }

  start(spec: WorkspaceSpec): Promise<void> {
    const under = this.#starting.get(spec.userId);
    if (under) return under;
    const starting = this.#start(spec).finally(() => this.#starting.delete(spec.userId));
    this.#starting.set(spec.userId, starting);
    return starting;
  }

  async stop(userId: string): Promise<void> {
    const places = placesOf(this.#home, userId);
    if (!(await isThere(places.base))) return;
    const lock = await takeStartLock(places.lock);
    try {
      await this.#end(userId);
    } finally {
      await lock.release();
    }
  }

  async destroy(userId: string): Promise<void> {
    await this.stop(userId);
    await removePlaces(placesOf(this.#home, userId));
  }

  async running(): Promise<string[]> {
    const names = await readdir(path.join(this.#home, "workspaces")).catch(() => [] as string[]);
    const states = await Promise.all(names.map((name) => this.status(name)));
    return names.filter((_, index) => states[index]?.state === "running");
  }

  async status(userId: string) {
    const places = placesOf(this.#home, userId);
    if (!(await isThere(places.data))) return { state: "absent" } as const;
    const state = await readState(places.state);
    const alive = state !== null && (await isAlive(state.init ?? state.launcher));
    return { state: alive ? "running" : "stopped" } as const;
  }

  async stats(userId: string) {
    const state = await readState(placesOf(this.#home, userId).state);
    return {
      ...(await readFigures(state?.cgroups ?? {})),
      memoryLimitBytes: state?.memoryLimitBytes ?? null,
      processesLimit: state?.processesLimit ?? null,
      // Counted inside, where a walk through users' files can do no harm.
      diskBytes: null,
      diskLimitBytes: state?.diskLimitBytes ?? null,
    };
  }

  async outOfMemoryKills(userId: string): Promise<number | null> {
    const state = this.#states.get(userId) ?? (await readState(placesOf(this.#home, userId).state));
    return readOutOfMemoryKills(state?.cgroups ?? {});
  }

  async dial(userId: string, role: LinkRole) {
    const places = placesOf(this.#home, userId);
    const state = this.#states.get(userId) ?? (await readState(places.state));
    if (!state) throw new AppError("unavailable", "The workspace is not running.");
    return openSocket(places.socket, state.uid, greeting(role, state.linkKey));
  }

  #probe(): Promise<Probed> {
    this.#probed ??= this.#files()
      .then((runtime) =>
        probeHost(this.#home, runtime, this.#options.launchers ?? ["bubblewrap", "util-linux"]),
      )
      .catch((error: unknown) => {
        // The operator may mend it while we run: the next one looks again.
        this.#probed = null;
        throw error;
      });
    return this.#probed;
  }

  async #files(): Promise<RuntimeFiles> {
    this.#runtime ??= mkdir(this.#home, { recursive: true, mode: 0o700 }).then(() =>
      provideRuntime(
        this.#home,
        this.#options.supervisor ?? OWN_SUPERVISOR,
        this.#options.node ?? process.execPath,
      ),
    );
    if (this.#options.keeper === false) return { ...(await this.#runtime), keeper: null };
    return this.#runtime;
  }

  async #start(spec: WorkspaceSpec): Promise<void> {
    const { userId } = spec;
    const { launcher, keeperRuns } = await this.#probe();
    await this.create(spec);
    const places = placesOf(this.#home, userId);
    const listens = async ({ uid, linkKey }: SandboxState) => {
      const duplex = await openSocket(places.socket, uid, greeting("F", linkKey)).catch(() => null);
      duplex?.destroy();
      return duplex !== null;
    };
    const lock = await takeStartLock(places.lock);
    try {
      const past = await readState(places.state);
      if (past?.init && (await isAlive(past.init)) && (await listens(past))) {
        this.#states.set(userId, past);
        return;
      }
      await this.#end(userId);
      await this.create(spec);
      const name = createHash("sha256").update(places.base).digest("hex").slice(0, 12);
      const files = await this.#files();
      const runtime = keeperRuns ? files : { ...files, keeper: null };
      const groupName = `carrel-${name}`;
      const state = await launchSandbox({ launcher, runtime, places, spec, groupName, listens });
      this.#states.set(userId, state);
      if (!(await lock.stillHeld())) {
        await killProcess(state.init ?? state.launcher);
        throw new AppError("unavailable", "Another runner started this workspace meanwhile.");
      }
    } catch (error) {
      this.#states.delete(userId);
      throw error;
    } finally {
      await lock.release();
    }
  }

  /** Kills the sandbox's first process, and with it all the others; waits until it is gone. */
  async #end(userId: string): Promise<void> {
    const places = placesOf(this.#home, userId);
    const state = await readState(places.state);
    this.#states.delete(userId);
    if (!state) return;
    const init = state.init ?? ((await isAlive(state.launcher)) ? await findInit(state.launcher.pid) : null);
    if (init) await killProcess(init);
    await killProcess(state.launcher);
    const deadline = Date.now() + TUNABLES.stopMs;
    while ((init && (await isAlive(init))) || (await isAlive(state.launcher))) {
      if (Date.now() > deadline) throw new AppError("timeout", "The workspace does not end.");
      await sleep(5);
    }
    await removeGroups(state.cgroups);
    await clearRunDirectory(places);
    await forgetState(places.state);
  }
}

/** @throws what else there is: a directory that cannot be looked at is not one that is absent */
async function isThere(place: string): Promise<boolean> {
  return stat(place).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
}
