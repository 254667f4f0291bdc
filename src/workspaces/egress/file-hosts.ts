import type { HostPattern } from "#workspaces/egress/allow-list.ts";
import type { EgressRules } from "#workspaces/egress/decide.ts";
import { patternOf } from "#workspaces/egress/operator-rules.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

/**
 * The hosts where the operator's Python index keeps its files. Only its answers name them, so they are asked for when
 * a host that nobody listed is wanted, and stay known for the life of the process.
 */
export class FileHosts {
  #known: readonly HostPattern[] = [];
  #asking: Promise<void> | null = null;
  #failedAt = Number.NEGATIVE_INFINITY;
  readonly #ask: () => Promise<URL[]>;

  /** `ask` gives addresses of files of the index */
  constructor(ask: () => Promise<URL[]>) {
    this.#ask = ask;
  }

  /** The operator's rules, and beside them what is known by the time that they are looked at. */
  addTo(rules: EgressRules): EgressRules {
    const known = () => this.#known;
    return {
      ...rules,
      get allow() {
        return [...rules.allow, ...known()];
      },
    };
  }

  /** Asks, unless they are known. Never rejects; an index that did not answer is left alone for a while. */
  async learn(): Promise<void> {
    if (this.#known.length > 0 || Date.now() - this.#failedAt < TUNABLES.fileHostsRetryMs) return;
    this.#asking ??= this.#read().finally(() => {
      this.#asking = null;
    });
    await this.#asking;
  }

  async #read(): Promise<void> {
    // An index that cannot be read names no host: what was refused stays refused.
    const files = await this.#ask().catch(() => []);
    const hosts = new Map(files.map((url) => [url.host, patternOf(url)]));
    this.#known = [...hosts.values()].slice(0, TUNABLES.fileHostsMost);
    if (this.#known.length === 0) this.#failedAt = Date.now();
  }
}
