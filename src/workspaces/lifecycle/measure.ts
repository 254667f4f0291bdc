import type { WorkspaceDriver } from "#workspaces/driver.ts";
import type { HeldWorkspace } from "#workspaces/held-workspace.ts";
import { type DiskLook, judge, news } from "#workspaces/lifecycle/warnings.ts";
import { TUNABLES } from "#workspaces/tunables.ts";
import type { Figures, Warning } from "#workspaces/workspace-info.ts";

type Kill = Extract<Warning, { kind: "out_of_memory" }>;

const LOOKS_MOST = 180;
const KILLS_MOST = 5;

/** Measures one workspace again and again, and says what is wrong with it. Lost with its runner, and no harm done. */
export class Gauge {
  readonly #held: HeldWorkspace;
  readonly #driver: WorkspaceDriver;
  #cpu: { at: number; seconds: number } | null = null;
  #disk: { at: number; bytes: number | null } | null = null;
  #looks: DiskLook[] = [];
  #kills: Kill[] = [];
  #killsSeen: number | null = null;
  #killsNamed = 0;
  #warnings: Warning[] = [];

  constructor(held: HeldWorkspace, driver: WorkspaceDriver) {
    this.#held = held;
    this.#driver = driver;
  }

  /** A command of ours was killed for want of memory. */
  noteKill(kill: { agentId: string; command: string }): void {
    this.#killsNamed += 1;
    this.#addKill({ kind: "out_of_memory", at: new Date().toISOString(), ...kill });
  }

  /** What is used now, what is wrong now, and what of it is new. */
  async look(): Promise<{ figures: Figures; warnings: Warning[]; news: Warning[] }> {
    const figures = await this.#measure();
    await this.#lookForKills();
    const before = this.#warnings;
    this.#warnings = judge(figures, this.#looks, this.#kills, before);
    return { figures, warnings: this.#warnings, news: news(this.#warnings, before) };
  }

  async #measure(): Promise<Figures> {
    const stats = await this.#driver.stats(this.#held.userId);
    const now = Date.now();
    const diskBytes = stats.diskBytes ?? (await this.#walk());
    if (diskBytes !== null) this.#looks = [...this.#looks, { at: now, bytes: diskBytes }].slice(-LOOKS_MOST);
    return {
      ...stats,
      at: new Date(now).toISOString(),
      cpuShare: this.#cpuShare(stats.cpuSeconds),
      diskBytes,
    };
  }

  /** Since the last look; none at the first. */
  #cpuShare(seconds: number | null): number | null {
    const at = performance.now();
    const before = this.#cpu;
    this.#cpu = seconds === null ? null : { at, seconds };
    if (seconds === null || !before || at - before.at < 500) return null;
    const used = ((seconds - before.seconds) * 1000) / (at - before.at) / this.#held.spec.cpus;
    return Math.round(Math.min(1, Math.max(0, used)) * 1000) / 1000;
  }

  /** Walking through all files costs: not at each look. */
  async #walk(): Promise<number | null> {
    if (this.#disk && performance.now() - this.#disk.at < TUNABLES.diskWalkMs) return this.#disk.bytes;
    // A figure must not cost the others.
    const bytes = await this.#held.diskBytes().catch(() => null);
    this.#disk = { at: performance.now(), bytes };
    return bytes;
  }

  /** The kernel counts all kills; those of commands that we wait for are named by whoever waits. */
  async #lookForKills(): Promise<void> {
    const seen = await this.#driver.outOfMemoryKills(this.#held.userId);
    const before = this.#killsSeen;
    const named = this.#killsNamed;
    this.#killsSeen = seen;
    this.#killsNamed = 0;
    if (seen === null || before === null || seen - before <= 0 || named > 0) return;
    const at = new Date().toISOString();
    this.#addKill({ kind: "out_of_memory", at, agentId: null, command: null });
  }

  #addKill(kill: Kill): void {
    this.#kills = [kill, ...this.#kills].slice(0, KILLS_MOST);
  }
}
