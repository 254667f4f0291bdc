import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { LRUCache } from "lru-cache";
import pLimit from "p-limit";
import { z } from "zod";
import { AppError } from "#platform/errors.ts";
import { fetchDocument } from "#workspaces/egress/packages/fetch-document.ts";
import type { PackageStore } from "#workspaces/egress/packages/package-store.ts";
import { sendDocument } from "#workspaces/egress/packages/send-document.ts";
import { serveFile, type WantedFile } from "#workspaces/egress/packages/serve-file.ts";
import type { FetchUpstream } from "#workspaces/egress/packages/upstream.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

const BRIEF = "application/vnd.npm.install-v1+json";
const WHOLE = "application/json";
const NAME = /^(@[a-z0-9~._-]+\/)?[A-Za-z0-9~_-][A-Za-z0-9~._-]*$/;
const ADVISORIES = /^-\/npm\/v1\/security\/(advisories\/bulk|audits\/quick)$/;

const Packument = z.object({
  versions: z.record(
    z.string(),
    z.object({ dist: z.object({ tarball: z.string(), integrity: z.string().optional() }) }),
  ),
});

type Tarballs = Map<string, string | null>;

/** The npm registry, read through: lists as the registry gives them, files by the hashes in its lists. */
export class NpmRegistry {
  readonly #base: URL;
  readonly #store: PackageStore;
  readonly #fetch: FetchUpstream;
  readonly #reading = pLimit(1);
  /** of each list that was looked into, by the list's own hash: path of a file -> its hash */
  readonly #tarballs = new LRUCache<string, Tarballs>({ max: 500 });

  constructor(base: URL, store: PackageStore, fetch: FetchUpstream) {
    this.#base = base;
    this.#store = store;
    this.#fetch = fetch;
  }

  /** Answers bytes sent. @throws AppError not_found, method_not_allowed, upstream_failed */
  async serve(path: string, stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<number> {
    const wanted = this.#relative(path);
    const method = headers[":method"];
    if (method === "POST" && ADVISORIES.test(wanted)) return this.#askAdvisories(wanted, stream, headers);
    if (method !== "GET")
      throw new AppError("method_not_allowed", "This registry is for reading; publish to the real one");
    const file = /^(.+?)\/-\/[^/]+$/.exec(wanted);
    if (file && NAME.test(file[1] as string)) {
      return serveFile(this.#store, this.#fetch, stream, await this.#findFile(file[1] as string, wanted));
    }
    if (!NAME.test(wanted)) throw new AppError("not_found", "There is no such package");
    const accept = (headers.accept ?? "").includes(BRIEF) ? BRIEF : WHOLE;
    const { integrity, size, freshness } = await this.#list(wanted, accept);
    return sendDocument(stream, headers, { content: this.#store.read(integrity), size, ...freshness });
  }

  /** Without the registry's own base, which npm keeps in what it asks for. */
  #relative(path: string): string {
    const plain = decodePath(path.split("?")[0] as string);
    const base = this.#base.pathname;
    return (plain.startsWith(base) ? plain.slice(base.length) : plain).replace(/^\//, "");
  }

  #list(name: string, accept: string, anew = false) {
    const url = new URL(name.replace("/", "%2f"), this.#base);
    return fetchDocument(this.#store, this.#fetch, { url, accept, anew });
  }

  async #findFile(name: string, wanted: string): Promise<WantedFile> {
    const url = new URL(wanted, this.#base);
    // What was published a moment ago is not in a list that is a few minutes old.
    for (const anew of [false, true]) {
      const integrity = (await this.#tarballsOf(name, anew)).get(url.pathname);
      if (integrity !== undefined) return { url, integrity };
    }
    throw new AppError("not_found", `${name} has no such file`);
  }

  async #tarballsOf(name: string, anew: boolean): Promise<Tarballs> {
    const { integrity } = await this.#list(name, BRIEF, anew);
    const known = this.#tarballs.get(integrity);
    if (known) return known;
    // Some are large: one at a time in memory.
    const data = await this.#reading(() => buffer(this.#store.read(integrity)));
    const { versions } = Packument.parse(JSON.parse(data.toString()));
    const found: Tarballs = new Map();
    for (const { dist } of Object.values(versions)) {
      const url = URL.canParse(dist.tarball) ? new URL(dist.tarball) : null;
      // A file elsewhere is not this registry's to give.
      if (url?.host === this.#base.host) found.set(url.pathname, dist.integrity ?? null);
    }
    this.#tarballs.set(integrity, found);
    return found;
  }

  async #askAdvisories(
    path: string,
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
  ): Promise<number> {
    const kept = ["content-type", "content-encoding"].flatMap((name) =>
      typeof headers[name] === "string" ? [[name, headers[name]]] : [],
    );
    const url = new URL(path, this.#base);
    const { status, body } = await this.#fetch(url, {
      method: "POST",
      headers: Object.fromEntries(kept),
      body: await readQuestion(stream),
    });
    if (status < 200 || status > 599) {
      body.destroy();
      throw new AppError("upstream_failed", `The registry ${url.host} answered ${status}`);
    }
    stream.respond({ ":status": status, "content-type": WHOLE });
    await pipeline(body, stream);
    return 0;
  }
}

async function readQuestion(stream: ServerHttp2Stream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > TUNABLES.packageQuestionMost) throw new AppError("too_large", "The question is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw new AppError("bad_request", "The path is not valid", { cause });
  }
}
