import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, lstat, open, rename, rm } from "node:fs/promises";
import type { ServerHttp2Stream } from "node:http2";
import { pipeline } from "node:stream/promises";
import { answerJson } from "./answers.ts";
import { provideDirectory } from "./keep-open.ts";
import { entryOf, openDirectory, openParent, splitPath } from "./open-inside.ts";
import { Refusal } from "./refusal.ts";
import { removeTree } from "./remove-tree.ts";
import type { Places } from "./settings.ts";

/** @throws Refusal 404; 400 for a directory, a link, a device */
export async function sendFile(stream: ServerHttp2Stream, root: string, path: string): Promise<void> {
  const { directory, name } = await openParent(root, path);
  // Not blocking: opening a named pipe would wait for its writer.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(entryOf(directory, name), flags).finally(() => directory.close());
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new Refusal(400, "That is not a plain file");
    stream.respond({
      ":status": 200,
      "content-type": "application/octet-stream",
      "x-carrel-size": String(found.size),
    });
    await pipeline(readAll(file), stream);
  } finally {
    await file.close();
  }
}

async function* readAll(file: FileHandle): AsyncGenerator<Buffer> {
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(128 * 1024));
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Returns the bytes written. The stream stays open when it fails: it is to carry the reason. */
async function writeAll(stream: ServerHttp2Stream, file: FileHandle): Promise<number> {
  let written = 0;
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    await file.writeFile(chunk);
    written += chunk.length;
  }
  return written;
}

/**
 * Takes a file from the stream: written out of sight, and moved to its place when it is complete and the sender still
 * owns the workspace: no half of it is ever seen, listed or kept. `size` is what the sender announced (bytes); an
 * upload that was cut off is not taken for a short file.
 */
export async function receiveFile(
  stream: ServerHttp2Stream,
  places: Places,
  root: string,
  path: string,
  options: { mode: number; size: number | null; stillOwned: () => boolean },
): Promise<void> {
  provideDirectory(places.workspace, ".carrel", "uploads");
  const { directory, name } = await openParent(root, path, true);
  const unfinished = `${places.uploads}/${randomBytes(12).toString("hex")}`;
  try {
    const file = await open(unfinished, "wx", 0o600);
    try {
      const written = await writeAll(stream, file);
      if (stream.aborted) throw new Refusal(400, "The upload was broken off");
      if (options.size !== null && written !== options.size) {
        throw new Refusal(400, `The upload has ${written} bytes instead of ${options.size}`);
      }
      await file.chmod(options.mode);
    } finally {
      await file.close();
    }
    if (!options.stillOwned()) throw new Refusal(409, "This workspace has a newer owner");
    await rename(unfinished, entryOf(directory, name));
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  } finally {
    await directory.close();
  }
  answerJson(stream, {}, 201);
}

/** A file, a link (itself, not what it names), or a directory with all below it. @throws Refusal 404 */
export async function removeFile(root: string, path: string): Promise<void> {
  if (splitPath(path).length === 0) return removeContents(root);
  const { directory, name } = await openParent(root, path);
  try {
    await lstat(entryOf(directory, name));
    await removeTree(entryOf(directory, name));
  } finally {
    await directory.close();
  }
}

async function removeContents(root: string): Promise<void> {
  await openDirectory(root, [])
    .then((directory) => directory.close())
    .catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  await removeTree(root);
}
