import type { ServerHttp2Stream } from "node:http2";
import { AppError, isAppError } from "#platform/errors.ts";
import { agentDirectory } from "#workspaces/agent/agent-directory.ts";
import type { Connection, MemoryKill } from "#workspaces/connection.ts";
import type { WorkspaceDriver, WorkspaceSpec } from "#workspaces/driver.ts";
import { withEnvironment } from "#workspaces/environment/with-environment.ts";
import type { Environments } from "#workspaces/environments.ts";
import { Turns } from "#workspaces/lifecycle/turns.ts";
import { keepReverse } from "#workspaces/link/keep-reverse.ts";
import { Link, lostError } from "#workspaces/link/link.ts";
import { closedDoor, type ReverseDoor, refuseStream } from "#workspaces/link/serve-reverse.ts";
import { DiskFigure, Health, MemoryKills, Nothing, readAnswer } from "#workspaces/link/wire.ts";
import { TUNABLES } from "#workspaces/tunables.ts";
import type { AgentDirectory, Workspace } from "#workspaces/workspace.ts";

/** What a workspace tells whoever keeps it here. */
export interface Keeper {
  /** Waits for its place on this host. @throws AppError unavailable when none comes in time */
  enter(held: HeldWorkspace, signal: AbortSignal): Promise<void>;
  /** Its place is free again. */
  leave(held: HeldWorkspace): void;
  turned(held: HeldWorkspace, state: "running" | "paused" | "stopped"): Promise<void>;
  failed(held: HeldWorkspace, error: unknown): Promise<void>;
  outOfMemory(held: HeldWorkspace, kill: MemoryKill): void;
}

export interface Holding {
  driver: WorkspaceDriver;
  spec: WorkspaceSpec;
  commandMs: number;
  fence: number;
  /** of performance.now(): until when we own it unless it is renewed */
  until: number;
  /** what answers those in there who want out; none: nobody gets out */
  door?: ReverseDoor | undefined;
  /** agents' private environments; none where nobody keeps any */
  environments?: Environments | undefined;
  keeper?: Keeper;
}

/**
 * A workspace that this runner owns under one fence. With the fence it ends; a newer one is a new object. What turns
 * it (start, pause, resume, stop) happens one after the other; whoever uses it meanwhile waits, and wakes it.
 */
export class HeldWorkspace implements Workspace, Connection {
  readonly userId: string;
  readonly fence: number;
  readonly commandMs: number;
  languages: Record<string, string> = {};
  readonly #holding: Holding;
  readonly #link: Link;
  readonly #turns = new Turns();
  #until: number;
  #phase: "down" | "starting" | "up" | "paused" = "down";
  /** rises with every start, so that who saw an earlier one fall does not fell the next */
  #life = 0;
  #rising: Promise<void> | null = null;
  #waiting: AbortController | null = null;
  #touchedAt = performance.now();
  #endReverse: (() => void) | null = null;
  /** what it has asked of the way out and is still open */
  #ways = 0;
  #lost = false;
  #countsInside = true;

  constructor(holding: Holding) {
    this.#holding = holding;
    this.userId = holding.spec.userId;
    this.fence = holding.fence;
    this.commandMs = holding.commandMs;
    this.#until = holding.until;
    this.#link = new Link({
      fence: holding.fence,
      dial: () => holding.driver.dial(this.userId, "F"),
      stillOurs: () => this.stillOurs(),
      awake: (quiet) => this.#awake(quiet),
    });
  }

  /** By this process's own clock: a runner that was frozen knows that it slept before it does anything. */
  stillOurs(): boolean {
    return !this.#lost && performance.now() < this.#until;
  }

  renew(until: number): void {
    this.#until = until;
  }

  get driverName(): string {
    return this.#holding.driver.name;
  }

  get spec(): WorkspaceSpec {
    return this.#holding.spec;
  }

  /** As last seen. */
  get phase(): "down" | "up" | "paused" {
    return this.#phase === "starting" ? "down" : this.#phase;
  }

  /** Whether it is being started, paused or stopped at this moment. */
  get turning(): boolean {
    return this.#turns.busy;
  }

  /** How long nobody has used it (ms). */
  get idleMs(): number {
    return this.#busy ? 0 : performance.now() - Math.max(this.#link.usedAt, this.#touchedAt);
  }

  /** Somebody needs it, though nothing is on its way to it: a run thinks, a person looks. */
  touch(): void {
    this.#touchedAt = performance.now();
  }

  agent(agentId: string): AgentDirectory {
    const directory = agentDirectory(this, agentId);
    const source = this.#holding.environments?.of(this.userId, agentId);
    return source ? withEnvironment(directory, source) : directory;
  }

  async link(): Promise<Link> {
    await this.up();
    const seen = this.#life;
    try {
      await this.#link.connect();
    } catch (error) {
      if (!isAppError(error) || error.code !== "unavailable") throw error;
      // It ended under us (a supervisor that was killed takes its sandbox with it): start it, once.
      if (this.#life === seen && this.#phase === "up") this.#phase = "down";
      await this.up();
      await this.#link.connect();
    }
    return this.#link;
  }

  /** By the host, else by the workspace itself: it can only deceive its own user. null: nobody counts. */
  async outOfMemoryKills(): Promise<number | null> {
    const seen = await this.#holding.driver.outOfMemoryKills(this.userId);
    if (seen !== null || !this.#countsInside) return seen;
    const kills = await this.#killsCountedInside().catch(() => {
      // A figure must not cost the answer that it goes with.
      return null;
    });
    this.#countsInside = kills !== null;
    return kills;
  }

  noteOutOfMemory(kill: MemoryKill): void {
    this.#holding.keeper?.outOfMemory(this, kill);
  }

  /** Starts it, finds it running, or wakes it, and shakes hands. At once when it is up. @throws AppError unavailable */
  async up(): Promise<void> {
    if (!this.stillOurs()) throw lostError();
    this.touch();
    if (this.#phase === "up") return;
    this.#rising ??= this.#turns
      .take(() => this.#rise())
      .finally(() => {
        this.#rising = null;
      });
    await this.#rising;
  }

  /**
   * Freezes it where it has not been used for `idleMs`. false: somebody uses it, it is not up, or the platform cannot.
   * Whoever comes while it is being frozen waits and wakes it.
   */
  pause(idleMs: number): Promise<boolean> {
    return this.#turns.take(async () => {
      const { driver, keeper } = this.#holding;
      if (!driver.pause || this.#phase !== "up" || this.idleMs < idleMs || this.#busy) return false;
      // From here on every use waits for its turn.
      this.#phase = "paused";
      await this.#link.suspend();
      await driver.pause(this.userId);
      await keeper?.turned(this, "paused");
      return true;
    });
  }

  /** Stops it where it has not been used for `idleMs`. false: somebody uses it, or it does not run. */
  rest(idleMs: number): Promise<boolean> {
    return this.#turns.take(async () => {
      if (this.#phase === "down" || this.idleMs < idleMs || this.#busy) return false;
      await this.#end();
      return true;
    });
  }

  /** It was found running, or paused, without us: it is ours as it is. */
  adopt(state: "up" | "paused", idleMs: number): Promise<void> {
    this.#touchedAt = performance.now() - idleMs;
    return this.#turns.take(async () => {
      if (this.#phase === "down" && state === "paused") this.#phase = "paused";
      else if (this.#phase === "down") await this.#bringUp();
    });
  }

  /** It was found not to run: what we thought of it is over. */
  fell(): Promise<void> {
    return this.#turns.take(async () => {
      if (this.#phase === "down") return;
      this.#hangUp();
      await this.#tellStopped();
    });
  }

  /** Counted inside, which takes a walk through all files. null: it is not up, and is not woken for it. */
  async diskBytes(): Promise<number | null> {
    if (this.#phase !== "up") return null;
    const call = { method: "GET", path: "/v1/disk", timeoutMs: TUNABLES.transferMs, quiet: true } as const;
    return readAnswer(DiskFigure, await this.#link.call(call)).bytes;
  }

  /** The agent's directory and what is known of its processes. */
  async removeAgent(agentId: string): Promise<void> {
    const link = await this.link();
    const path = `/v1/agents/${this.agent(agentId).agentId}`;
    readAnswer(Nothing, await link.call({ method: "DELETE", path, timeoutMs: TUNABLES.transferMs }));
  }

  /** Ends every process in it; the next use starts it again. */
  async down(): Promise<void> {
    if (!this.stillOurs()) throw lostError();
    this.#waiting?.abort(new AppError("conflict", "It was stopped while it waited for a place."));
    await this.#turns.take(() => this.#end());
  }

  /** Lets go without touching what runs in there. */
  letGo(): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#waiting?.abort(lostError());
    this.#hangUp();
    this.#link.close();
    this.#holding.keeper?.leave(this);
  }

  /** For a call that found it up a moment ago: it may have gone to rest since. A mere look does not wake it. */
  async #awake(quiet: boolean): Promise<void> {
    if (this.#phase === "up" || this.#phase === "starting") return;
    if (quiet) throw new AppError("unavailable", "The workspace rests.");
    await this.up();
  }

  async #killsCountedInside(): Promise<number | null> {
    const link = await this.link();
    return readAnswer(MemoryKills, await link.call({ method: "GET", path: "/v1/memory-kills" })).kills;
  }

  #hangUp(): void {
    this.#phase = "down";
    this.#hangUpReverse();
  }

  async #end(): Promise<void> {
    const { driver } = this.#holding;
    if (!this.stillOurs()) throw lostError();
    this.#hangUp();
    await driver.stop(this.userId);
    this.#link.hangUp();
    await this.#tellStopped();
  }

  /** Its place is free, whether or not it could be written down. */
  async #tellStopped(): Promise<void> {
    const { keeper } = this.#holding;
    try {
      await keeper?.turned(this, "stopped");
    } finally {
      keeper?.leave(this);
    }
  }

  async #rise(): Promise<void> {
    if (this.#phase === "up") return;
    if (!this.stillOurs()) throw lostError();
    if (this.#phase === "paused" && (await this.#wake())) return;
    await this.#bringUp();
  }

  /** false: it is not there to be woken any more, or was never shaken hands with, and has to be started. */
  async #wake(): Promise<boolean> {
    const { driver, keeper } = this.#holding;
    if (this.#life === 0 || !driver.resume) return false;
    const woken = await driver.resume(this.userId).then(
      () => true,
      // A start finds out what is wrong, and says it.
      () => false,
    );
    if (!woken) return false;
    await this.#link.resume();
    this.#phase = "up";
    await keeper?.turned(this, "running");
    return true;
  }

  async #bringUp(): Promise<void> {
    const { keeper } = this.#holding;
    this.#phase = "down";
    await this.#enter();
    try {
      this.#phase = "starting";
      await this.#start();
    } catch (error) {
      this.#phase = "down";
      keeper?.leave(this);
      await keeper?.failed(this, error);
      throw error;
    }
    this.#phase = "up";
    this.#life += 1;
    await keeper?.turned(this, "running");
  }

  async #enter(): Promise<void> {
    const waiting = new AbortController();
    this.#waiting = waiting;
    try {
      await this.#holding.keeper?.enter(this, waiting.signal);
    } finally {
      this.#waiting = null;
    }
  }

  async #start(): Promise<void> {
    const { driver, spec } = this.#holding;
    this.#hangUpReverse();
    this.#countsInside = true;
    await driver.start(spec);
    const health = readAnswer(
      Health,
      await this.#link.call({ method: "GET", path: "/v1/health", quiet: true }),
    );
    if (!this.stillOurs()) throw lostError();
    this.languages = health.languages;
    await this.#offerReverse();
  }

  /** A download, a clone, a call to a model: use, though nobody calls in. */
  #countWay(stream: ServerHttp2Stream): void {
    this.#ways += 1;
    stream.once("close", () => {
      this.#ways -= 1;
      this.touch();
    });
  }

  get #busy(): boolean {
    return this.#link.busy || this.#ways > 0;
  }

  #hangUpReverse(): void {
    this.#endReverse?.();
    this.#endReverse = null;
  }

  async #offerReverse(): Promise<void> {
    const { driver, door = closedDoor } = this.#holding;
    const dial = () => {
      if (!this.stillOurs()) throw lostError();
      // One that rests is not to be touched.
      if (this.#phase !== "up" && this.#phase !== "starting") throw new AppError("unavailable", "It rests.");
      return driver.dial(this.userId, "R");
    };
    const guarded: ReverseDoor = (stream, headers) => {
      if (!this.stillOurs()) return refuseStream(stream, 503, lostError().message);
      this.#countWay(stream);
      return door(stream, headers);
    };
    this.#endReverse = await keepReverse({ dial: async () => dial(), door: guarded }).catch(
      (cause: unknown) => {
        throw new AppError("unavailable", "The workspace does not take its second link.", { cause });
      },
    );
  }
}
