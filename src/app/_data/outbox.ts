import { ApiProblem, callApi } from "#app/_data/call-api.ts";

/** A message on its way. Its key was made while it was typed, so that however often it is sent it arrives once. */
export interface Outgoing {
  key: string;
  text: string;
  /** when it was meant to be sent, ISO 8601 */
  at: string;
  state: "sending" | "waiting" | "refused";
  /** why it was refused, in the API's words */
  detail: string | null;
}

const RETRY_MS = 4_000;

/** One agent's messages that the server has not acknowledged yet; kept in the browser until it has. */
export class Outbox {
  readonly #agentId: string;
  readonly #watchers = new Set<() => void>();
  readonly #onSent: () => Promise<unknown>;
  #items: readonly Outgoing[];
  #retry: ReturnType<typeof setTimeout> | undefined;
  #flushing = false;

  constructor(agentId: string, onSent: () => Promise<unknown>) {
    this.#agentId = agentId;
    this.#onSent = onSent;
    this.#items = readStored(agentId);
  }

  readonly items = (): readonly Outgoing[] => this.#items;

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  send(key: string, text: string): void {
    const item: Outgoing = { key, text, at: new Date().toISOString(), state: "sending", detail: null };
    this.#keep([...this.#items, item]);
    void this.flush();
  }

  /** Takes a message back that was not sent. */
  drop(key: string): void {
    this.#keep(this.#items.filter((item) => item.key !== key));
  }

  again(key: string): void {
    this.#change(key, { state: "sending", detail: null });
    void this.flush();
  }

  /** Sends what waits, in order; the first that does not get through stops the line. */
  async flush(): Promise<void> {
    if (this.#flushing) return;
    this.#flushing = true;
    clearTimeout(this.#retry);
    try {
      for (const item of this.#items.filter(({ state }) => state !== "refused")) {
        if (!(await this.#sendOne(item))) break;
      }
    } finally {
      this.#flushing = false;
    }
    if (this.#items.some(({ state }) => state === "waiting")) {
      this.#retry = setTimeout(() => void this.flush(), RETRY_MS);
    }
  }

  close(): void {
    clearTimeout(this.#retry);
  }

  async #sendOne(item: Outgoing): Promise<boolean> {
    try {
      await callApi("POST", `/agents/${this.#agentId}/messages`, {
        json: { text: item.text },
        idempotencyKey: item.key,
      });
    } catch (error) {
      const later =
        !(error instanceof ApiProblem) || error.status === 0 || error.status >= 500 || error.status === 429;
      if (later) this.#change(item.key, { state: "waiting", detail: null });
      else this.#change(item.key, { state: "refused", detail: error.message });
      return !later;
    }
    // The message is looked up before its stand-in goes, so that it never blinks.
    await this.#onSent();
    this.drop(item.key);
    return true;
  }

  #change(key: string, change: Partial<Outgoing>): void {
    this.#keep(this.#items.map((item) => (item.key === key ? { ...item, ...change } : item)));
  }

  #keep(items: readonly Outgoing[]): void {
    this.#items = items;
    localStorage.setItem(storageKey(this.#agentId), JSON.stringify(items));
    for (const watcher of this.#watchers) watcher();
  }
}

/** Lays a message ready for an agent whose page is about to be opened; the page sends it. */
export function putInOutbox(agentId: string, text: string): void {
  const item: Outgoing = {
    key: crypto.randomUUID(),
    text,
    at: new Date().toISOString(),
    state: "sending",
    detail: null,
  };
  localStorage.setItem(storageKey(agentId), JSON.stringify([...readStored(agentId), item]));
}

const storageKey = (agentId: string) => `carrel.outbox.${agentId}`;

function readStored(agentId: string): Outgoing[] {
  try {
    const stored = JSON.parse(localStorage.getItem(storageKey(agentId)) ?? "[]") as Outgoing[];
    return stored.map((item) => (item.state === "waiting" ? { ...item, state: "sending" } : item));
  } catch {
    // Not ours, or half written: there is nothing to send in it.
    return [];
  }
}
