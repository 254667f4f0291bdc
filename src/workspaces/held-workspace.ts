import { AppError, isAppError } from "#platform/errors.ts";
import { agentDirectory } from "#workspaces/agent/agent-directory.ts";
import type { Connection } from "#workspaces/connection.ts";
import type { WorkspaceDriver, WorkspaceSpec } from "#workspaces/driver.ts";
import { Link, lostError } from "#workspaces/link/link.ts";
import { serveReverse } from "#workspaces/link/serve-reverse.ts";
import { DiskFigure, Health, MemoryKills, Nothing, readAnswer } from "#workspaces/link/wire.ts";
import { TUNABLES } from "#workspaces/tunables.ts";
import type { AgentDirectory, Workspace } from "#workspaces/workspace.ts";

export interface Holding {
  driver: WorkspaceDriver;
  spec: WorkspaceSpec;
  commandMs: number;
  fence: number;
  /** of performance.now(): until when we own it unless it is renewed */
  until: number;
}

/** A workspace that this runner owns under one fence. With the fence it ends; a newer one is a new object. */
export class HeldWorkspace implements Workspace, Connection {
  readonly userId: string;
  readonly fence: number;
  readonly commandMs: number;
  languages: Record<string, string> = {};
  readonly #holding: Holding;
  readonly #link: Link;
  #until: number;
  #up: Promise<void> | null = null;
  #endReverse: (() => void) | null = null;
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

  /** Whether it was up when last seen. */
  get isUp(): boolean {
    return this.#up !== null;
  }

  agent(agentId: string): AgentDirectory {
    return agentDirectory(this, agentId);
  }

  async link(): Promise<Link> {
    await this.up();
    const seen = this.#up;
    try {
      await this.#link.connect();
    } catch (error) {
      if (!isAppError(error) || error.code !== "unavailable") throw error;
      // It ended under us (a supervisor that was killed takes its sandbox with it): start it, once.
      if (this.#up === seen) this.#up = null;
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

  /** Starts it, or finds it running, and shakes hands. At once when it is up. @throws AppError unavailable */
  async up(): Promise<void> {
    if (!this.stillOurs()) throw lostError();
    this.#up ??= this.#bringUp().catch((error: unknown) => {
      this.#up = null;
      throw error;
    });
    await this.#up;
  }

  async diskBytes(): Promise<number> {
    const link = await this.link();
    return readAnswer(
      DiskFigure,
      await link.call({ method: "GET", path: "/v1/disk", timeoutMs: TUNABLES.transferMs }),
    ).bytes;
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
    this.#hangUp();
    await this.#holding.driver.stop(this.userId);
  }

  /** Lets go without touching what runs in there. */
  letGo(): void {
    this.#lost = true;
    this.#hangUp();
    this.#link.close();
  }

  async #killsCountedInside(): Promise<number | null> {
    const link = await this.link();
    return readAnswer(MemoryKills, await link.call({ method: "GET", path: "/v1/memory-kills" })).kills;
  }

  #hangUp(): void {
    this.#up = null;
    this.#hangUpReverse();
  }

  async #bringUp(): Promise<void> {
    const { driver, spec } = this.#holding;
    this.#hangUpReverse();
    this.#countsInside = true;
    await driver.start(spec);
    const health = readAnswer(Health, await this.#link.call({ method: "GET", path: "/v1/health" }));
    if (!this.stillOurs()) throw lostError();
    this.languages = health.languages;
    await this.#offerReverse();
  }

  #hangUpReverse(): void {
    this.#endReverse?.();
    this.#endReverse = null;
  }

  async #offerReverse(): Promise<void> {
    const { driver } = this.#holding;
    const duplex = await driver.dial(this.userId, "R").catch((cause: unknown) => {
      throw new AppError("unavailable", "The workspace does not take its second link.", { cause });
    });
    this.#endReverse = serveReverse(duplex);
  }
}
