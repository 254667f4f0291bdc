import { once } from "node:events";
import { mkdir, stat, utimes } from "node:fs/promises";
import type { Readable } from "node:stream";
import cacache from "cacache";
import { newId } from "#platform/ids.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

/** What is remembered beside a document: when it was last known to be current, and by which tag. */
export interface Freshness {
  checkedAt: number;
  etag: string | null;
  contentType: string;
}

export interface KeptDocument {
  integrity: string;
  size: number;
  freshness: Freshness;
}

// Its types leave out the option without which a removed name goes on taking place.
const removeEntry: (directory: string, key: string, options: { removeFully: true }) => Promise<unknown> =
  cacache.rm.entry;

/** The hashes that a file is kept by. A weaker one would let two contents share a place. */
const STRONG = /^sha(256|384|512)-[A-Za-z0-9+/]{43,86}={0,2}$/;

/**
 * What packages were fetched, on disk, shared by all workspaces of this host. A file is kept under its own hash and
 * verified when it is written and again when it is read, so its place cannot hold anything else.
 */
export class PackageStore {
  readonly #directory: string;
  readonly #mostBytes: number;
  readonly #underWay = new Map<string, Promise<void>>();
  /** content of lists that newer ones took the place of */
  readonly #replaced = new Set<string>();
  #written = 0;
  #arriving = 0;
  #trimming: Promise<void> | null = null;

  constructor(directory: string, mostBytes: number = TUNABLES.packageCacheBytes) {
    this.#directory = directory;
    this.#mostBytes = mostBytes;
  }

  canKeep(integrity: string): boolean {
    return STRONG.test(integrity);
  }

  /** The size of a file that is here; null: it is not. */
  async sizeOf(integrity: string, known?: string): Promise<number | null> {
    const path = known ?? (await cacache.get.info(this.#directory, integrity))?.path;
    const file = path === undefined ? null : await stat(path).catch(() => null);
    if (!path || !file) return null;
    const now = new Date();
    // What was asked for last is thrown away last. Trimmed away a moment ago: the read says so.
    await utimes(path, now, now).catch(() => undefined);
    return file.size;
  }

  /** Ends with an error where what lies there does not have that hash (a disk that failed). */
  read(integrity: string): AsyncIterable<Buffer> {
    return cacache.get.stream.byDigest(this.#directory, integrity);
  }

  /** Once, however many ask: `fetch` is called when it is not here yet. Rejects when the content has another hash. */
  keep(integrity: string, fetch: () => Promise<Readable>): Promise<void> {
    const known = this.#underWay.get(integrity);
    if (known) return known;
    const keeping = this.#fill(integrity, fetch).finally(() => this.#underWay.delete(integrity));
    this.#underWay.set(integrity, keeping);
    return keeping;
  }

  /** What is known of a list; null: nothing, or its content is gone. */
  async findDocument(key: string): Promise<KeptDocument | null> {
    const found = await cacache.get.info(this.#directory, key);
    if (!found || (await this.sizeOf(found.integrity, found.path)) === null) return null;
    return { integrity: found.integrity, size: found.size ?? 0, freshness: found.metadata as Freshness };
  }

  /** Keeps a list as its registry sent it. */
  async keepDocument(key: string, source: Readable, freshness: Freshness): Promise<KeptDocument> {
    // Under a name of its own until it is whole.
    const arriving = `arriving ${newId()}`;
    try {
      const sink = cacache.put.stream(this.#directory, arriving);
      const document = { ...(await this.#pour(source, sink, TUNABLES.packageListMost)), freshness };
      const past = await cacache.get.info(this.#directory, key);
      // Together with what its key said before: an index that only grows is not bounded.
      if (past) await this.#removeEntry(key);
      await this.confirmDocument(key, document);
      if (past && past.integrity !== document.integrity) this.#replaced.add(past.integrity);
      return document;
    } finally {
      await this.#removeEntry(arriving);
    }
  }

  /** The same list, found to be current again. */
  async confirmDocument(key: string, { integrity, size, freshness }: KeptDocument): Promise<void> {
    await cacache.index.insert(this.#directory, key, integrity, { metadata: freshness, size });
  }

  /** Removes what was not asked for longest until the rest fits. */
  async trim(): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    const entries = await Promise.all(Object.values(await cacache.ls(this.#directory)).map(withAge));
    entries.sort((one, other) => other.usedAt - one.usedAt);
    let bytes = 0;
    for (const { key, integrity, size } of entries) {
      bytes += size;
      if (bytes <= this.#mostBytes) continue;
      await this.#removeEntry(key);
      await cacache.rm.content(this.#directory, integrity);
    }
  }

  /** Removes the content of replaced lists where no entry has it. Not at once: somebody may be about to read it. */
  async dropReplaced(): Promise<void> {
    if (this.#replaced.size === 0) return;
    const past = [...this.#replaced];
    const live = new Set(Object.values(await cacache.ls(this.#directory)).map(({ integrity }) => integrity));
    for (const integrity of past) {
      this.#replaced.delete(integrity);
      if (!live.has(integrity)) await cacache.rm.content(this.#directory, integrity);
    }
  }

  /** Removes what no entry leads to (of a process that ended in the middle), what is damaged, and the index's past. */
  async verify(): Promise<void> {
    // What is being written has no entry yet; the next time comes.
    if (this.#arriving > 0) return;
    await mkdir(this.#directory, { recursive: true });
    await cacache.verify(this.#directory);
  }

  /** Keeps it tidy until the returned function is called. */
  tidyRegularly(onError: (error: unknown) => void): () => void {
    const timers = [
      setInterval(() => this.dropReplaced().catch(onError), TUNABLES.packageDropMs),
      setInterval(() => this.verify().catch(onError), TUNABLES.packageVerifyMs),
    ];
    for (const timer of timers) timer.unref();
    return () => {
      for (const timer of timers) clearInterval(timer);
    };
  }

  async #removeEntry(key: string): Promise<void> {
    await removeEntry(this.#directory, key, { removeFully: true });
  }

  async #fill(integrity: string, fetch: () => Promise<Readable>): Promise<void> {
    const source = await fetch();
    // The whole of it is on disk and verified before anybody gets its first byte.
    const algorithms: [string] = [integrity.slice(0, integrity.indexOf("-"))];
    const sink = cacache.put.stream(this.#directory, integrity, { integrity, algorithms });
    await this.#pour(source, sink, TUNABLES.packageFileMost);
  }

  async #pour(source: Readable, sink: ReturnType<typeof cacache.put.stream>, most: number) {
    this.#arriving += 1;
    try {
      return await this.#take(source, sink, most);
    } finally {
      this.#arriving -= 1;
    }
  }

  async #take(source: Readable, sink: ReturnType<typeof cacache.put.stream>, most: number) {
    sink.resume();
    let integrity = "";
    sink.on("integrity", (found: unknown) => {
      integrity = String(found);
    });
    const done = sink.promise();
    // Awaited below; a failure before that is not nobody's.
    done.catch(() => undefined);
    let size = 0;
    try {
      for await (const chunk of source as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > most) throw new Error(`more than ${most} bytes`);
        if (!sink.write(chunk)) await once(sink, "drain");
      }
    } catch (error) {
      // With its end the store lets go of what came so far: for a file by its hash, for a list by its caller.
      sink.end();
      await done.catch(() => undefined);
      throw error;
    }
    sink.end();
    await done;
    await this.#count(size);
    return { integrity, size };
  }

  async #count(bytes: number): Promise<void> {
    this.#written += bytes;
    if (this.#written < this.#mostBytes / 20 || this.#trimming) return;
    this.#written = 0;
    this.#trimming = this.trim().finally(() => {
      this.#trimming = null;
    });
    await this.#trimming;
  }
}

interface Entry {
  key: string;
  integrity: string;
  path: string;
  size: number;
}

async function withAge(entry: Entry): Promise<Entry & { usedAt: number }> {
  // Its content may have gone with another entry's.
  const found = await stat(entry.path).catch(() => null);
  return { ...entry, usedAt: found?.mtimeMs ?? 0 };
}
