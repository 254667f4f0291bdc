import type { UploadClaim } from "#imports/claim-import.ts";
import type { CodeSource } from "#imports/code-source.ts";
import { discardUpload } from "#imports/discard-upload.ts";
import { faultError } from "#imports/faults.ts";
import { noteFiles, noteFound } from "#imports/hold-import.ts";
import { runUnpacking } from "#imports/unpack/run-unpacking.ts";
import type { Unpacked } from "#imports/unpack/unpacked.ts";
import { uploadPlace } from "#imports/upload-place.ts";
import type { Database } from "#platform/db.ts";
import { CAPTURE_LIMITS } from "#snapshots/capture-tree.ts";
import { storeBlob, storeTree } from "#snapshots/store-tree.ts";
import type { TreeEntry } from "#snapshots/tree.ts";
import type { AgentDirectory, Workspace } from "#workspaces/workspace.ts";

interface Parts {
  db: Database;
  openWorkspace(userId: string): Promise<Workspace>;
}

/** So many files are in memory at a time; the workspace and the database answer while others are on their way. */
const AT_ONCE = 4;
/** How often somebody who looks is told how far it is: in files. */
const NOTED_EVERY = 48;

/** Code from an uploaded archive or bundle: unpacked in the workspace, where it cannot hurt, and stored from there. */
export function uploadSource(parts: Parts): CodeSource<UploadClaim> {
  return {
    async fetch(claim, signal) {
      const workspace = await parts.openWorkspace(claim.userId);
      if (!workspace.languages.python) throw faultError("no_python");
      const directory = workspace.agent(claim.agentId);
      const unpacked = await runUnpacking(directory, claim, signal);
      return keepTree(parts.db, claim, directory, unpacked, signal);
    },
    async clear({ userId, agentId, uploadId }) {
      await discardUpload((await parts.openWorkspace(userId)).agent(agentId), uploadId);
    },
    failure: "The file could not be unpacked. Try again.",
  };
}

async function keepTree(
  db: Database,
  claim: UploadClaim,
  directory: AgentDirectory,
  { files, skipped, branch, commit }: Unpacked,
  signal: AbortSignal,
): Promise<string> {
  const { userId, uploadId } = claim;
  await noteFound(db, claim, { commit, branch: branch || null, skipped });
  const { unpacked } = uploadPlace(uploadId);
  const { fileBytes, totalBytes } = CAPTURE_LIMITS;
  const entries: TreeEntry[] = [];
  const keep = async (
    { path, executable }: Unpacked["files"][number],
    number: number,
  ): Promise<TreeEntry> => {
    const content = await directory.read(`${unpacked}/${number}`, { maxBytes: fileBytes });
    const hash = await storeBlob(db, userId, content);
    return { path, mode: executable ? "100755" : "100644", hash, size: content.length };
  };
  let total = 0;
  for (let from = 0; from < files.length; from += AT_ONCE) {
    signal.throwIfAborted();
    if (from % NOTED_EVERY === 0) await noteFiles(db, claim, from, files.length);
    const batch = files.slice(from, from + AT_ONCE);
    const kept = await Promise.all(batch.map((file, n) => keep(file, from + n)));
    total += kept.reduce((sum, { size }) => sum + size, 0);
    if (total > totalBytes) throw faultError("too_large");
    entries.push(...kept);
  }
  const { treeHash } = await storeTree(db, userId, entries);
  await noteFiles(db, claim, files.length, files.length);
  return treeHash;
}
