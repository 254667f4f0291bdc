import { AppError } from "#platform/errors.ts";
import type { KeptDocument, PackageStore } from "#workspaces/egress/packages/package-store.ts";
import type { FetchUpstream } from "#workspaces/egress/packages/upstream.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

interface Wanted {
  url: URL;
  /** what kind of list is asked for; a different kind is a different document */
  accept: string;
  /** ask the registry even where ours is young */
  anew?: boolean;
}

/**
 * A list of versions as its registry gives it: ours where it is young, else asked for again, by its tag. What it is kept
 * under is the registry's own address alone. @throws AppError not_found, upstream_failed
 */
export async function fetchDocument(
  store: PackageStore,
  fetch: FetchUpstream,
  { url, accept, anew = false }: Wanted,
): Promise<KeptDocument> {
  const key = `list ${accept} ${url.href}`;
  const kept = await store.findDocument(key);
  if (kept && !anew && Date.now() - kept.freshness.checkedAt < TUNABLES.packageFreshMs) return kept;
  const tag = kept?.freshness.etag;
  const { status, headers, body } = await fetch(url, {
    headers: { accept, ...(tag ? { "if-none-match": tag } : {}) },
  });
  if (status === 200) {
    return store.keepDocument(key, body, {
      checkedAt: Date.now(),
      etag: one(headers.etag),
      contentType: one(headers["content-type"]) ?? "application/octet-stream",
    });
  }
  body.resume();
  if (status === 304 && kept) {
    const current = { ...kept, freshness: { ...kept.freshness, checkedAt: Date.now() } };
    await store.confirmDocument(key, current);
    return current;
  }
  if (status === 404 || status === 405) throw new AppError("not_found", `${url.host} has no such package`);
  throw new AppError("upstream_failed", `The registry ${url.host} answered ${status}`);
}

function one(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
