import type { ServerHttp2Stream } from "node:http2";
import { pipeline } from "node:stream/promises";
import { AppError } from "#platform/errors.ts";
import type { PackageStore } from "#workspaces/egress/packages/package-store.ts";
import type { FetchUpstream } from "#workspaces/egress/packages/upstream.ts";

export interface WantedFile {
  url: URL;
  /** what the registry's own list says its hash is; null: it says nothing that we trust */
  integrity: string | null;
}

/**
 * A file of a package: from the store by its hash, fetched into it first where it is not there. Without a hash it is
 * passed on and not kept. Answers how many bytes it had.
 */
export async function serveFile(
  store: PackageStore,
  fetch: FetchUpstream,
  stream: ServerHttp2Stream,
  { url, integrity }: WantedFile,
): Promise<number> {
  const get = async () => {
    const { status, body } = await fetch(url);
    if (status === 200) return body;
    body.resume();
    if (status === 404) throw new AppError("not_found", `${url.host} does not have that file`);
    throw new AppError("upstream_failed", `The registry ${url.host} answered ${status}`);
  };
  const head = { ":status": 200, "content-type": "application/octet-stream" };
  if (integrity === null || !store.canKeep(integrity)) {
    const body = await get();
    stream.respond(head);
    await pipeline(body, stream);
    return 0;
  }
  let size = await store.sizeOf(integrity);
  if (size === null) {
    await store.keep(integrity, get).catch((cause: unknown) => {
      if (cause instanceof AppError) throw cause;
      throw new AppError("upstream_failed", `${url.host} sent a file that its own list does not know`, {
        cause,
      });
    });
    size = await store.sizeOf(integrity);
  }
  stream.respond({ ...head, ...(size === null ? {} : { "content-length": size }) });
  await pipeline(store.read(integrity), stream);
  return size ?? 0;
}
