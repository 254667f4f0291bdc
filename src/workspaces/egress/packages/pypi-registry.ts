import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { buffer } from "node:stream/consumers";
import { AppError } from "#platform/errors.ts";
import { fetchDocument } from "#workspaces/egress/packages/fetch-document.ts";
import type { PackageStore } from "#workspaces/egress/packages/package-store.ts";
import { sendDocument } from "#workspaces/egress/packages/send-document.ts";
import { serveFile, type WantedFile } from "#workspaces/egress/packages/serve-file.ts";
import { type IndexedFile, readIndex, writeIndex } from "#workspaces/egress/packages/simple-index.ts";
import type { FetchUpstream } from "#workspaces/egress/packages/upstream.ts";

const JSON_INDEX = "application/vnd.pypi.simple.v1+json";
const ACCEPT = `${JSON_INDEX}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1`;
const METADATA = ".metadata";

/** A Python package index, read through: files by the hashes in the index that the runner fetched. */
export class PypiRegistry {
  readonly #base: URL;
  readonly #store: PackageStore;
  readonly #fetch: FetchUpstream;

  constructor(base: URL, store: PackageStore, fetch: FetchUpstream) {
    this.#base = base;
    this.#store = store;
    this.#fetch = fetch;
  }

  /** Answers bytes sent. @throws AppError not_found, method_not_allowed, upstream_failed */
  async serve(path: string, stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<number> {
    if (headers[":method"] !== "GET")
      throw new AppError("method_not_allowed", "This index is for reading; upload to the real one");
    const [room, project = "", filename, ...rest] = path.split("?")[0]?.slice(1).split("/") ?? [];
    // PEP 503: one spelling of each name.
    const name = project.toLowerCase().replaceAll(/[-_.]+/g, "-");
    if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name) || rest.length > 0)
      throw new AppError("not_found", "There is no such package");
    if (room === "simple" && (filename ?? "") === "") {
      const index = Buffer.from(writeIndex(name, await this.#files(name)));
      const sent = { content: [index], size: index.length, etag: null, contentType: JSON_INDEX };
      return sendDocument(stream, headers, sent);
    }
    if (room !== "files" || !filename) throw new AppError("not_found", "There is no such address");
    const wanted = await this.#findFile(name, decodeURIComponent(filename));
    return serveFile(this.#store, this.#fetch, stream, wanted);
  }

  /** Addresses of the index's files, of one project alone that every index of pip's has: others' pages may name any host. */
  async findFiles(): Promise<URL[]> {
    return (await this.#files("pip")).map(({ url }) => url);
  }

  async #files(name: string, anew = false): Promise<IndexedFile[]> {
    const url = new URL(`${name}/`, this.#base);
    const list = await fetchDocument(this.#store, this.#fetch, { url, accept: ACCEPT, anew });
    const data = await buffer(this.#store.read(list.integrity));
    return readIndex(data, list.freshness.contentType, url);
  }

  async #findFile(name: string, filename: string): Promise<WantedFile> {
    const isMetadata = filename.endsWith(METADATA);
    const whole = isMetadata ? filename.slice(0, -METADATA.length) : filename;
    const listed = (files: IndexedFile[]) => files.find((each) => each.filename === whole);
    // What was published a moment ago is not in an index that is a few minutes old.
    const file = listed(await this.#files(name)) ?? listed(await this.#files(name, true));
    if (!file) throw new AppError("not_found", `${name} has no such file`);
    const hex = isMetadata ? file.metadataSha256 : file.sha256;
    if (isMetadata && hex === null) throw new AppError("not_found", `${whole} has no metadata beside it`);
    const url = isMetadata ? new URL(`${file.url.href}${METADATA}`) : file.url;
    return { url, integrity: hex === null ? null : `sha256-${Buffer.from(hex, "hex").toString("base64")}` };
  }
}
