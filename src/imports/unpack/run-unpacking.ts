import { readFile } from "node:fs/promises";
import { faultError } from "#imports/faults.ts";
import { UNPACK_MS, UPLOAD_LIMITS } from "#imports/tunables.ts";
import { checkUnpacked, LIST_BYTES, Unpacked, Verdict } from "#imports/unpack/unpacked.ts";
import { uploadPlace } from "#imports/upload-place.ts";
import { AppError } from "#platform/errors.ts";
import { CAPTURE_LIMITS } from "#snapshots/capture-tree.ts";
import { SKIPPED_NAMES } from "#snapshots/tree.ts";
import type { AgentDirectory } from "#workspaces/workspace.ts";

const PARTS = ["desk", "zips", "tars", "bundles", "main"];

/** Read when it is first needed, and kept. */
let program: Promise<string> | null = null;

async function readProgram(): Promise<string> {
  const parts = PARTS.map((name) => readFile(new URL(`${name}.py`, import.meta.url), "utf8"));
  return (await Promise.all(parts)).join("\n");
}

/**
 * Unpacks an uploaded file beside the agent's own files, as the agent, inside its workspace and its limits.
 * @throws AppError with the `reason` why it cannot be
 */
export async function runUnpacking(
  directory: AgentDirectory,
  upload: { uploadId: string; branch: string | null },
  signal: AbortSignal,
): Promise<Unpacked> {
  program ??= readProgram();
  const place = uploadPlace(upload.uploadId);
  const limits = { ...UPLOAD_LIMITS, ...CAPTURE_LIMITS, leftOut: SKIPPED_NAMES };
  const words = [place.file, place.unpacked, JSON.stringify(limits), upload.branch ?? ""];
  const result = await directory.exec(
    { argv: ["python3", "-I", "-B", "{script}", ...words], script: await program, timeoutMs: UNPACK_MS },
    signal,
  );
  if (result.timedOut) throw faultError("slow");
  if (result.outOfMemory) throw faultError("too_large");
  const verdict = Verdict.safeParse(lastLine(result.stdout));
  if (!verdict.success)
    throw new AppError("upstream_failed", "The file could not be unpacked. Try again.", {
      cause: new Error(`exit ${result.exitCode}: ${result.stderr.slice(-500)}`),
    });
  if ("refused" in verdict.data) throw faultError(verdict.data.refused, verdict.data.at);
  return readList(directory, `${place.unpacked}/list.json`);
}

async function readList(directory: AgentDirectory, path: string): Promise<Unpacked> {
  // Not `read`, which hides private values: a name that holds one is a name all the same.
  const { content } = await directory.readStream(path);
  const pieces: Buffer[] = [];
  let size = 0;
  // Counted as it comes: how large it says that it is may be a lie.
  for await (const piece of content) {
    size += piece.length;
    if (size > LIST_BYTES) throw faultError("too_many");
    pieces.push(piece);
  }
  const found = Unpacked.parse(JSON.parse(Buffer.concat(pieces).toString()));
  checkUnpacked(found);
  return found;
}

function lastLine(text: string): unknown {
  try {
    return JSON.parse(text.trim().split("\n").at(-1) ?? "");
  } catch {
    // No answer; the caller says what that means.
    return null;
  }
}
