import type { Socket } from "socket.io-client";
import type { RunEvent } from "#events/vocabulary.ts";
import { foldEvent } from "#runs/ui/fold-events.ts";
import { EMPTY_RUN, type RunView } from "#runs/ui/run-view.ts";

interface Followed {
  view: RunView;
  watchers: Set<() => void>;
  waiting: RunEvent[];
  /** the cursor was sent and is not yet acknowledged */
  asking: boolean;
}

type Acknowledged = { ok: true } | { error: { code: string; detail: string } };

/** Events are drawn together, at most once in this many milliseconds. */
const DRAW_EVERY_MS = 24;

/** The runs that this window looks at: each is replayed once from its first event, then followed by its cursor. */
export class RunFeed {
  readonly #socket: Socket;
  readonly #runs = new Map<string, Followed>();
  #drawing: ReturnType<typeof setTimeout> | null = null;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("run:event", this.#receive);
    socket.on("connect", this.#resume);
  }

  close(): void {
    this.#socket.off("run:event", this.#receive);
    this.#socket.off("connect", this.#resume);
    if (this.#drawing) clearTimeout(this.#drawing);
  }

  /** Follows the run until the returned function is called. */
  watch(runId: string, watcher: () => void): () => void {
    const run = this.#runs.get(runId) ?? { view: EMPTY_RUN, watchers: new Set(), waiting: [], asking: false };
    this.#runs.set(runId, run);
    run.watchers.add(watcher);
    if (run.watchers.size === 1) this.#ask(runId, run);
    return () => {
      run.watchers.delete(watcher);
      if (run.watchers.size === 0) this.#socket.emit("run:unsubscribe", { runId });
    };
  }

  view(runId: string): RunView {
    return this.#runs.get(runId)?.view ?? EMPTY_RUN;
  }

  #ask(runId: string, run: Followed): void {
    if (!this.#socket.connected || run.asking) return;
    run.asking = true;
    this.#socket.emit("run:subscribe", { runId, after: run.view.lastSeq }, (_answer: Acknowledged) => {
      run.asking = false;
    });
  }

  readonly #resume = (): void => {
    for (const [runId, run] of this.#runs) {
      run.asking = false;
      run.waiting = [];
      if (run.watchers.size > 0) this.#ask(runId, run);
    }
  };

  readonly #receive = (event: RunEvent): void => {
    const run = this.#runs.get(event.runId);
    if (!run) return;
    run.waiting.push(event);
    this.#drawing ??= setTimeout(this.#draw, DRAW_EVERY_MS);
  };

  readonly #draw = (): void => {
    this.#drawing = null;
    for (const [runId, run] of this.#runs) {
      if (run.waiting.length === 0) continue;
      const before = run.view;
      run.view = run.waiting.reduce(foldEvent, before);
      const last = run.waiting.at(-1)?.seq ?? 0;
      run.waiting = [];
      if (last > run.view.lastSeq) this.#ask(runId, run);
      if (run.view !== before) for (const watcher of run.watchers) watcher();
    }
  };
}
