import { AppError } from "#platform/errors.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

export interface AdmissionOptions {
  /** places on this host */
  max: number;
  /** how long an open waits for a place (ms) */
  waitMs: number;
  /** why this host starts nothing now; null: it does */
  short(): string | null;
  /** Stops one that nobody uses, to make room. false: there is none */
  makeRoom(): Promise<boolean>;
  /** a place is kept for a moment for a run of this user */
  called(userId: string): void;
  /** who waits, first first, each time that changes; to be shown to people */
  shown(line: readonly Waiting[]): void;
}

export interface Waiting {
  userId: string;
  /** milliseconds since the epoch */
  since: number;
}

interface Entry extends Waiting {
  /** an open that waits here and now */
  opens: Set<() => void>;
  /** of performance.now(): until when a run's wish holds without being repeated; 0: no run */
  runUntil: number;
}

/**
 * The places of one host and the line of those who wait for one: opens and runs in one line, first come first served.
 * A user has one place. Places are this process's own, as its containers are; the line is shown through the database.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  /** user -> until when (performance.now()) a place is kept that nobody has taken yet; Infinity: taken */
  readonly #places = new Map<string, number>();
  #line: Entry[] = [];
  /** gave up a moment ago: coming back they have the place in line that they had */
  readonly #left = new Map<string, { since: number; until: number }>();
  #makingRoom = false;
  #tick: NodeJS.Timeout | undefined;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  get line(): readonly Waiting[] {
    return this.#line;
  }

  get taken(): number {
    return this.#places.size;
  }

  /** Whether whoever comes now gets a place at once. */
  get open(): boolean {
    return this.#free() > 0 && this.#line.length === 0 && this.#options.short() === null;
  }

  holders(): string[] {
    return [...this.#places.keys()];
  }

  /** Resolves when the user has a place. @throws AppError unavailable after `waitMs`, with the place in line */
  async enter(userId: string, signal?: AbortSignal): Promise<void> {
    if (this.#places.has(userId) || this.open) {
      this.#places.set(userId, Number.POSITIVE_INFINITY);
      return;
    }
    const entry = this.#join(userId);
    let opened = () => {};
    const place = new Promise<void>((resolve) => {
      opened = resolve;
    });
    entry.opens.add(opened);
    this.#serve();
    this.#show();
    const outcome = await Promise.race([place, late(this.#options.waitMs, signal)]);
    entry.opens.delete(opened);
    if (outcome === undefined) return;
    const words = this.#why(userId);
    this.#giveUp(entry);
    throw signal?.aborted ? signal.reason : words;
  }

  /** It runs here already, whoever started it: it has a place, also beyond the limit. */
  adopt(userId: string): void {
    this.#places.set(userId, Number.POSITIVE_INFINITY);
    this.#drop(userId);
  }

  /** A place for a run that is being claimed, without waiting. `taken`: it had none before. */
  reserve(userId: string): "had" | "taken" | null {
    if (this.#places.has(userId)) return "had";
    if (!this.open) return null;
    this.#places.set(userId, performance.now() + TUNABLES.placeKeptMs);
    this.#beat();
    return "taken";
  }

  /** Runs of these users wait. Repeated while they do; what is not repeated is forgotten. */
  want(runs: Waiting[]): void {
    for (const { userId, since } of runs) {
      if (this.#places.has(userId)) continue;
      this.#join(userId, since).runUntil = performance.now() + TUNABLES.wishMs;
    }
    this.#serve();
    this.#show();
  }

  leave(userId: string): void {
    if (!this.#places.delete(userId)) return;
    this.#serve();
    this.#show();
  }

  /** The same where nothing runs any more; what is kept for somebody who comes in a moment stays. */
  vacate(userId: string): void {
    if (this.#places.get(userId) === Number.POSITIVE_INFINITY) this.leave(userId);
  }

  close(): void {
    clearInterval(this.#tick);
  }

  #free(): number {
    return this.#options.max - this.#places.size;
  }

  #join(userId: string, since = Date.now()): Entry {
    const there = this.#line.find((entry) => entry.userId === userId);
    if (there) return there;
    const before = this.#left.get(userId);
    const kept = before && before.until > performance.now() ? before.since : since;
    const entry: Entry = { userId, since: Math.min(since, kept), opens: new Set(), runUntil: 0 };
    this.#line.push(entry);
    this.#line.sort((one, other) => one.since - other.since);
    this.#beat();
    return entry;
  }

  #drop(userId: string): void {
    this.#line = this.#line.filter((entry) => entry.userId !== userId);
  }

  #giveUp(entry: Entry): void {
    if (entry.opens.size > 0 || !this.#line.includes(entry)) return;
    this.#left.set(entry.userId, { since: entry.since, until: performance.now() + TUNABLES.lineKeptMs });
    if (entry.runUntil < performance.now()) this.#drop(entry.userId);
    this.#show();
  }

  #why(userId: string): AppError {
    const short = this.#options.short();
    const place = this.#line.findIndex((entry) => entry.userId === userId) + 1;
    const message = short
      ? `This host is short of ${short} and starts nothing now. Nothing is lost; try again in a minute.`
      : `This host runs as many workspaces as it may (${this.#options.max}). You are number ${place} in line; try again in a minute.`;
    const details = { reason: short ? "host_short" : "host_full", place, retryAfterSeconds: 30 };
    return new AppError("unavailable", message, { details });
  }

  /** Gives out what is free, in order; makes room when nothing is. */
  #serve(): void {
    const now = performance.now();
    for (const [userId, until] of this.#places) if (until < now) this.#places.delete(userId);
    for (const [userId, { until }] of this.#left) if (until < now) this.#left.delete(userId);
    this.#line = this.#line.filter((entry) => entry.opens.size > 0 || entry.runUntil >= now);
    if (this.#options.short() !== null) return;
    while (this.#free() > 0) {
      const next = this.#line.shift();
      if (!next) break;
      const opens = next.opens.size > 0;
      this.#places.set(next.userId, opens ? Number.POSITIVE_INFINITY : now + TUNABLES.placeKeptMs);
      this.#left.delete(next.userId);
      for (const open of next.opens) open();
      if (!opens) this.#options.called(next.userId);
    }
    if (this.#line.length > 0) this.#makeRoom();
  }

  #makeRoom(): void {
    if (this.#makingRoom) return;
    this.#makingRoom = true;
    // What it stops leaves its place, and that serves the next; the tick asks again when there was none.
    void this.#options.makeRoom().finally(() => {
      this.#makingRoom = false;
    });
  }

  #show(): void {
    this.#options.shown(this.#line);
  }

  /** As long as somebody waits, or a place is kept: a host may have become free of its own. */
  #beat(): void {
    this.#tick ??= setInterval(() => {
      this.#serve();
      this.#show();
      if (this.#line.length > 0 || [...this.#places.values()].some(Number.isFinite)) return;
      clearInterval(this.#tick);
      this.#tick = undefined;
    }, TUNABLES.lineMs);
  }
}

function late(ms: number, signal: AbortSignal | undefined): Promise<"late"> {
  return new Promise((resolve) => {
    const over = () => resolve("late");
    setTimeout(over, ms).unref();
    signal?.addEventListener("abort", over, { once: true });
    if (signal?.aborted) over();
  });
}
