import { createHash } from "node:crypto";
import { discardUpload, sweepUploads } from "#imports/discard-upload.ts";
import { requireUntouched } from "#imports/lock-untouched.ts";
import { LEFT_OVER_MS } from "#imports/tunables.ts";
import { ASIDE, uploadPlace } from "#imports/upload-place.ts";
import {
  beginUpload,
  isRepeat,
  onItsWay,
  readUpload,
  requireSame,
  type Upload,
} from "#imports/upload-row.ts";
import { type Database, inTransaction } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";
import { newId } from "#platform/ids.ts";
import type { Logger } from "#platform/log.ts";
import type { RemoteWorkspaces } from "#workspaces/remote.ts";

interface Parts {
  db: Database;
  log: Logger;
  workspaces: Pick<RemoteWorkspaces, "listFiles" | "writeFile" | "removeFile">;
}

/**
 * Takes an archive or a bundle for an agent that has done nothing yet: the bytes go, as they come, into the agent's
 * directory beside its files; a runner unpacks them there. Messages that come meanwhile wait for it. A repeat with
 * the same key and bytes changes nothing.
 * @throws AppError conflict when the agent has begun or its directory is not empty, too_large, limit_reached (disk)
 */
export async function requestUpload(
  { db, workspaces, log }: Parts,
  upload: Upload,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const { userId, agentId } = upload;
  const hash = createHash("sha256").update(JSON.stringify([upload.fileName, upload.branch]));
  const hashed = passThrough(body, hash);
  const before = await readUpload(db.pool, agentId);
  if (isRepeat(before, upload)) {
    for await (const _ of hashed);
    return requireSame(before, hash.digest("hex"));
  }
  if (before && before.state !== "failed") throw onItsWay();
  await requireUntouched(db.pool, agentId);
  if ((await workspaces.listFiles(userId, agentId, "", { skip: [ASIDE] })).length > 0)
    throw new AppError("conflict", "The agent's directory is not empty. Begin with a new agent.");
  const uploadId = newId();
  const directory = directoryOf(workspaces, upload);
  const discard = () => discardUpload(directory, uploadId);
  // Before the bytes, which may need its room.
  await sweepUploads(directory, Date.now() - LEFT_OVER_MS).catch((cause: unknown) => {
    log.warn({ err: cause, agentId }, "an upload that nothing names was left in its agent's directory");
  });
  try {
    await workspaces.writeFile(userId, agentId, uploadPlace(uploadId).file, hashed, signal);
    const row = { ...upload, uploadId, fingerprint: hash.digest("hex") };
    if (await inTransaction(db.pool, (client) => beginUpload(client, row))) return;
  } catch (error) {
    // Why it was refused is what the asker must know.
    await discard().catch((cause: unknown) => {
      log.warn({ err: cause, agentId }, "a refused upload was left in its agent's directory");
    });
    throw error;
  }
  // The same was sent twice at once, and the other came first.
  await discard();
}

function directoryOf(workspaces: Parts["workspaces"], { userId, agentId }: Upload) {
  return {
    list: (path: string) => workspaces.listFiles(userId, agentId, path),
    remove: (path: string) => workspaces.removeFile(userId, agentId, path),
  };
}

async function* passThrough(
  body: AsyncIterable<Uint8Array>,
  hash: { update(chunk: Uint8Array): unknown },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    hash.update(chunk);
    yield chunk;
  }
}
