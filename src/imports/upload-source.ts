import { noteFiles, type UploadClaim } from "#imports/claim-import.ts";
import type { CodeSource } from "#imports/code-source.ts";
import { discardUpload } from "#imports/discard-upload.ts";
import { faultError } from "#imports/faults.ts";
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

/** How often somebody who looks is told how far it is: in files. */
const NOTED_EVERY = 50;

/** Code from an uploaded archive or bundle: unpacked in the workspace, where it cannot hurt, and stored from there. */
export function uploadSource(parts: Parts): CodeSource<UploadClaim> {
  return {
    async fetch(claim, signal) {
      const workspace = await parts.openWorkspace(claim.userId);
      if (!workspace.languages.python) throw faultError("no_python");
      const directory = workspace.agent(claim.agentId);
      const unpacked = await runUnpacking(directory, claim, signal);
      return keepTree(parts.db, claim, directory, unpacked);
    },
    async clear({ userId, agentId, uploadId }) {
      await discardUpload((await parts.openWorkspace(userId)).agent(agentId), uploadId);
    },
    failure: "The file could not be unpacked. Try again.",
  };
}

async function keepTree(
  db: Database,
  { userId, agentId, uploadId }: UploadClaim,
  directory: AgentDirectory,
  { files, skipped, branch, commit }: Unpacked,
): Promise<string> {
  await db.pool.query(
    "UPDATE code_imports SET commit_sha = $2, branch = $3, skipped = $4 WHERE agent_id = $1",
    [agentId, commit, branch || null, JSON.stringify(skipped)],
  );
  const { unpacked } = uploadPlace(uploadId);
  const { fileBytes, totalBytes } = CAPTURE_LIMITS;
  const entries: TreeEntry[] = [];
  let total = 0;
  for (const [number, { path, executable }] of files.entries()) {
    if (number % NOTED_EVERY === 0) await noteFiles(db, agentId, number, files.length);
    const content = await directory.read(`${unpacked}/${number}`, { maxBytes: fileBytes });
    total += content.length;
    if (total > totalBytes) throw faultError("too_large");
    const hash = await storeBlob(db, userId, content);
    entries.push({ path, mode: executable ? "100755" : "100644", hash, size: content.length });
  }
  const { treeHash } = await storeTree(db, userId, entries);
  await noteFiles(db, agentId, files.length, files.length);
  return treeHash;
}
