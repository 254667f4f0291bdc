import { closeSync, constants, openSync } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { Refusal } from "./refusal.ts";

// Linux's O_PATH, which Node does not name: a handle on the place alone, no right to its content needed.
const O_PATH = 0o10000000;
const PLACE = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** The parts of a relative path. @throws Refusal 400 for one that is absolute or climbs */
export function splitPath(path: string): string[] {
  if (path.startsWith("/") || path.includes("\0")) throw new Refusal(400, "The path must be relative");
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw new Refusal(400, "The path must not climb");
  return parts;
}

/** The path of an entry of an open directory, whatever happens meanwhile to the names that led there. */
export function entryOf(directory: FileHandle, name: string): string {
  return `/proc/self/fd/${directory.fd}/${name}`;
}

/**
 * Opens a directory below `root` part by part without ever following a link, so that a link swapped in between two
 * steps leads nowhere. The caller closes it.
 */
export async function openDirectory(root: string, parts: string[], make = false): Promise<FileHandle> {
  if (make) await mkdir(root, { recursive: true });
  let directory = await open(root, PLACE);
  for (const part of parts) {
    const next = await openPart(directory, part, make).finally(() => directory.close());
    directory = next;
  }
  return directory;
}

/** Whether a command may begin there, found at once: each turn through the thread pool would make it wait. @throws as above */
export function enterDirectory(root: string, parts: string[]): void {
  let directory = openSync(root, PLACE);
  try {
    for (const part of parts) {
      const next = openSync(`/proc/self/fd/${directory}/${part}`, PLACE);
      closeSync(directory);
      directory = next;
    }
  } finally {
    closeSync(directory);
  }
}

async function openPart(directory: FileHandle, part: string, make: boolean): Promise<FileHandle> {
  const place = entryOf(directory, part);
  if (make) {
    await mkdir(place).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
  return open(place, PLACE);
}

/** The directory that holds the last part, and that part. @throws Refusal 400 when the path names the root itself */
export async function openParent(
  root: string,
  path: string,
  make = false,
): Promise<{ directory: FileHandle; name: string }> {
  const parts = splitPath(path);
  const name = parts.pop();
  if (name === undefined) throw new Refusal(400, "The path names the agent's directory itself");
  return { directory: await openDirectory(root, parts, make), name };
}
