import type { BareRepository } from "#github/git/bare-repository.ts";
import type { ImportState } from "#imports/read-import.ts";
import { AppError } from "#platform/errors.ts";
import { CAPTURE_LIMITS } from "#snapshots/capture-tree.ts";
import { isPlainPath } from "#snapshots/plain-path.ts";
import { SKIPPED_NAMES } from "#snapshots/tree.ts";

export interface GitFile {
  path: string;
  mode: "100644" | "100755";
  object: string;
  size: number;
}

export interface Listing {
  files: GitFile[];
  skipped: ImportState["skipped"];
}

/** A hundred thousand lines: what an agent takes, and twenty times as much that is left out. Bytes. */
const MAX_LISTING = 8 * 1024 * 1024;

type Skipped = ImportState["skipped"][number];

/**
 * The files of a commit that an agent can work on; links, submodules and what is never part of a result are named as
 * left out. A content that was not fetched is one that is too large.
 * @throws AppError too_large beyond what a result may hold
 */
export async function listTree(repository: BareRepository, commit: string): Promise<Listing> {
  const text = await repository.local(["ls-tree", "-r", "-l", "-z", "--full-tree", commit], {
    maxOutput: MAX_LISTING,
  });
  const listing: Listing = { files: [], skipped: [] };
  let total = 0;
  for (const line of text.split("\0").filter(Boolean)) {
    const entry = readEntry(line);
    if ("reason" in entry) {
      listing.skipped.push(entry);
      continue;
    }
    listing.files.push(entry);
    total += entry.size;
  }
  const { files, totalBytes } = CAPTURE_LIMITS;
  if (listing.files.length > files) {
    throw new AppError(
      "too_large",
      `The branch holds ${listing.files.length} files; an agent works on up to ${files}.`,
    );
  }
  if (total > totalBytes) {
    throw new AppError(
      "too_large",
      `The branch's files are larger than ${totalBytes / 1024 / 1024} MB together.`,
    );
  }
  return listing;
}

function readEntry(line: string): GitFile | Skipped {
  const [, mode = "", object = "", size = "", path = ""] =
    /^(\d+) \w+ ([0-9a-f]+) +(\S+)\t(.*)$/s.exec(line) ?? [];
  if (mode === "120000") return { path, reason: "link" };
  if (mode === "160000") return { path, reason: "submodule" };
  if (!isPlainPath(path) || path.includes("\uFFFD")) return { path, reason: "path" };
  if (path.split("/").some((name) => SKIPPED_NAMES.includes(name))) return { path, reason: "not_kept" };
  const bytes = Number(size);
  if (!Number.isSafeInteger(bytes) || bytes > CAPTURE_LIMITS.fileBytes) return { path, reason: "too_large" };
  return { path, mode: mode === "100755" ? "100755" : "100644", object, size: bytes };
}
