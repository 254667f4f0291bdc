import type { Database } from "#platform/db.ts";
import { AppError, isAppError } from "#platform/errors.ts";
import { storeBlob, storeTree } from "#snapshots/store-tree.ts";
import { SKIPPED_NAMES, type TreeEntry } from "#snapshots/tree.ts";

/** What a directory must be able to do to be captured; an agent's directory is one. */
export interface TreeSource {
  list(
    path?: string,
    options?: { recursive?: boolean; skip?: string[]; limit?: number },
  ): Promise<{ path: string; type: string; size: number; mode: number }[]>;
  read(path: string, options?: { maxBytes?: number }): Promise<Buffer>;
}

/** Looked for at the top, so that whoever misses it is told that it is left out. */
const PRIVATE_NAME = ".env";

export interface Capture {
  treeHash: string;
  entries: TreeEntry[];
  /** what a person may have meant to be part of it: links, private settings */
  leftOut: { path: string; reason: "link" | "private" }[];
}

export const CAPTURE_LIMITS = { files: 5_000, fileBytes: 20 * 1024 * 1024, totalBytes: 200 * 1024 * 1024 };

/**
 * Stores the directory's files content-addressed and gives the tree's name. One file is in memory at a time, and
 * what is stored already is not sent again. The same files give the same tree, whenever and wherever.
 * @throws AppError too_large beyond the limits
 */
export async function captureTree(
  db: Database,
  userId: string,
  source: TreeSource,
  limits = CAPTURE_LIMITS,
): Promise<Capture> {
  const listed = await source.list("", { recursive: true, skip: SKIPPED_NAMES, limit: limits.files * 2 });
  const files = listed.filter(({ path, type }) => type === "file" && !isSkipped(path));
  if (files.length > limits.files)
    throw new AppError("too_large", `The directory holds more than ${limits.files} files.`);
  let total = 0;
  const entries: TreeEntry[] = [];
  for (const file of files) {
    total += file.size;
    if (file.size > limits.fileBytes || total > limits.totalBytes)
      throw new AppError("too_large", `The files are too large to be kept: ${file.path}.`);
    const entry = await captureFile(db, userId, source, file, limits.fileBytes);
    if (entry) entries.push(entry);
  }
  return { ...(await storeTree(db, userId, entries)), leftOut: await leftOutOf(source, listed) };
}

async function leftOutOf(
  source: TreeSource,
  listed: { path: string; type: string }[],
): Promise<Capture["leftOut"]> {
  const links = listed.filter(({ path, type }) => type === "link" && !isSkipped(path));
  const hidden = (await source.list("")).filter(({ path, type }) => type === "file" && path === PRIVATE_NAME);
  return [
    ...hidden.map(({ path }) => ({ path, reason: "private" as const })),
    ...links.map(({ path }) => ({ path, reason: "link" as const })),
  ];
}

async function captureFile(
  db: Database,
  userId: string,
  source: TreeSource,
  file: { path: string; mode: number },
  maxBytes: number,
): Promise<TreeEntry | null> {
  const content = await source.read(file.path, { maxBytes }).catch((error: unknown) => {
    // Gone between the listing and the reading: then it is not part of the tree.
    if (isAppError(error) && error.code === "not_found") return null;
    throw error;
  });
  if (!content) return null;
  const hash = await storeBlob(db, userId, content);
  return { path: file.path, mode: file.mode & 0o111 ? "100755" : "100644", hash, size: content.length };
}

function isSkipped(path: string): boolean {
  return path.split("/").some((name) => SKIPPED_NAMES.includes(name));
}
