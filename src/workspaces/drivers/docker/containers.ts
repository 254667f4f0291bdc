import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import type { ContainerCreateOptions, ContainerInspectInfo } from "dockerode";
import { AppError } from "#platform/errors.ts";
import { containerName, LABELS } from "#workspaces/drivers/docker/container-spec.ts";
import { engineCall, engineStatus, tolerating } from "#workspaces/drivers/docker/engine-call.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

/** The engine's verbs for the containers of users. Each has its deadline and is safe to repeat. */
export class Containers {
  readonly #docker: Docker;

  constructor(docker: Docker) {
    this.#docker = docker;
  }

  of(userId: string): Docker.Container {
    return this.#docker.getContainer(containerName(userId));
  }

  /** Of one installation, those that have processes. */
  async running(home: string): Promise<string[]> {
    const filters = { label: [`${LABELS.home}=${home}`], status: ["running", "paused"] };
    const found = await engineCall("list containers", TUNABLES.engineMs, (abortSignal) =>
      this.#docker.listContainers({ filters, abortSignal }),
    );
    return found.map(({ Labels }) => Labels[LABELS.user]).filter((user) => user !== undefined);
  }

  /** null when there is none. */
  async inspect(userId: string): Promise<ContainerInspectInfo | null> {
    try {
      return await engineCall("look at a workspace", TUNABLES.engineMs, (abortSignal) =>
        this.of(userId).inspect({ abortSignal }),
      );
    } catch (error) {
      if (engineStatus(error) === 404) return null;
      throw error;
    }
  }

  /** Makes it, or finds the one that another runner made meanwhile. */
  async create(userId: string, definition: ContainerCreateOptions): Promise<ContainerInspectInfo> {
    const create = engineCall("create a workspace", TUNABLES.engineSlowMs, (abortSignal) =>
      this.#docker.createContainer({ ...definition, abortSignal }),
    );
    await tolerating([409], create);
    // The engine takes a name before it shows what bears it.
    const deadline = performance.now() + TUNABLES.engineMs;
    while (performance.now() < deadline) {
      const made = await this.inspect(userId);
      if (made) return made;
      await sleep(TUNABLES.startPollMs);
    }
    throw new AppError("unavailable", "The workspace was removed while it was made. Try again.");
  }

  start(userId: string): Promise<void> {
    const start = engineCall("start a workspace", TUNABLES.engineSlowMs, (abortSignal) =>
      this.of(userId).start({ abortSignal }),
    );
    return tolerating([304], start);
  }

  /** At once: every process in it is killed. */
  async stop(userId: string): Promise<void> {
    if ((await this.inspect(userId))?.State.Paused) await this.unpause(userId);
    const stop = engineCall("stop a workspace", TUNABLES.engineSlowMs, (abortSignal) =>
      this.of(userId).stop({ t: 0, abortSignal }),
    );
    await tolerating([304, 404], stop);
  }

  remove(userId: string): Promise<void> {
    const remove = engineCall("remove a container", TUNABLES.engineSlowMs, (abortSignal) =>
      this.of(userId).remove({ force: true, v: true, abortSignal }),
    );
    // 409: somebody else removes it right now.
    return tolerating([404, 409], remove);
  }

  /** @throws AppError unavailable when it does not run */
  pause(userId: string): Promise<void> {
    return this.#settle(userId, true, (abortSignal) => this.of(userId).pause({ abortSignal }));
  }

  unpause(userId: string): Promise<void> {
    return this.#settle(userId, false, (abortSignal) => this.of(userId).unpause({ abortSignal }));
  }

  /**
   * What the engine says of pauses may be late by an event: shortly after another pause or resume it refuses with
   * "already" or "not paused" what is not so. So it is asked again until two looks agree.
   */
  async #settle(
    userId: string,
    paused: boolean,
    ask: (signal: AbortSignal) => Promise<unknown>,
  ): Promise<void> {
    const what = paused ? "pause a workspace" : "resume a workspace";
    for (let attempt = 1; ; attempt += 1) {
      const error = await engineCall(what, TUNABLES.engineMs, ask).then(
        () => null,
        (cause: unknown) => cause,
      );
      if (error === null) return;
      const found = await this.inspect(userId);
      if (!found?.State.Running || attempt === 10) throw error;
      if (found.State.Paused === paused && attempt > 1) return;
      await sleep(20);
    }
  }

  /** What its first process said last, for whoever asks why it ended. */
  async lastWords(userId: string): Promise<string> {
    const logs = await engineCall("read a log", TUNABLES.engineMs, (abortSignal) =>
      this.of(userId).logs({ stdout: true, stderr: true, tail: 20, follow: false, abortSignal }),
    ).catch(() => Buffer.alloc(0));
    // A frame's header, eight bytes, stands before each line.
    const lines = logs
      .toString("latin1")
      .split("\n")
      .map((line) => line.slice(8).trim())
      .filter((line) => line !== "");
    const words = lines.find((line) => line.includes("Error")) ?? lines.at(-1);
    return words?.slice(0, 300) ?? "it ended without a word.";
  }
}
