import { z } from "zod";
import { FAULT_NAMES, faultError } from "#imports/faults.ts";
import { UPLOAD_LIMITS } from "#imports/tunables.ts";
import { CAPTURE_LIMITS } from "#snapshots/capture-tree.ts";
import { isPlainPath } from "#snapshots/plain-path.ts";
import { SKIPPED_NAMES } from "#snapshots/tree.ts";

/** What the unpacking program says last. A workspace may say anything. */
export const Verdict = z.union([
  z.object({ refused: z.enum(FAULT_NAMES), at: z.string().max(300).default("") }),
  z.object({ files: z.int().min(1).max(CAPTURE_LIMITS.files) }),
]);

const Path = z.string().max(UPLOAD_LIMITS.pathBytes);

export const Unpacked = z.object({
  branch: z.string().max(200),
  commit: z
    .string()
    .regex(/^[0-9a-f]{40,64}$/)
    .nullable(),
  files: z
    .array(z.object({ path: Path, executable: z.boolean() }))
    .min(1)
    .max(CAPTURE_LIMITS.files),
  skipped: z
    .array(z.object({ path: Path, reason: z.enum(["link", "submodule", "too_large", "not_kept"]) }))
    .max(200),
});
export type Unpacked = z.infer<typeof Unpacked>;

/** Bytes of the list: every path at its longest, and what stands around it. */
export const LIST_BYTES = CAPTURE_LIMITS.files * (UPLOAD_LIMITS.pathBytes + 100);

/**
 * The program has looked at every name; it ran where its answer could be another's, so the rules that the platform
 * itself relies on are looked at again.
 * @throws AppError
 */
export function checkUnpacked({ files }: Unpacked): void {
  const paths = new Set(files.map(({ path }) => path));
  if (paths.size < files.length) throw faultError("twice");
  for (const { path } of files) {
    const names = path.split("/");
    if (!isPlainPath(path) || !path.isWellFormed()) throw faultError("name", path);
    if (names.some((name) => SKIPPED_NAMES.includes(name))) throw faultError("name", path);
  }
  const within = firstWithinFile([...paths]);
  if (within !== undefined) throw faultError("twice", within);
}

/**
 * A file cannot be a folder too: nothing of such a tree would lie on a disk as it is stored. With the separator before
 * every other character, what is within a file comes right behind it, however deep it lies.
 */
function firstWithinFile(paths: string[]): string | undefined {
  const sorted = paths.map((path) => path.replaceAll("/", "\0")).sort();
  return sorted.find((path, at) => at > 0 && path.startsWith(`${sorted[at - 1]}\0`))?.replaceAll("\0", "/");
}
