import { lstat, readdir } from "node:fs/promises";
import { SETTINGS } from "./settings.ts";

let last: { at: number; bytes: Promise<number> } | null = null;

/** Bytes that the tree takes on the disk, hard links once; a figure may be some seconds old. */
export function diskUsage(root: string): Promise<number> {
  if (!last || Date.now() - last.at > SETTINGS.diskFigureMs)
    last = { at: Date.now(), bytes: count(root, new Set()) };
  return last.bytes;
}

async function count(path: string, seen: Set<number>): Promise<number> {
  let bytes: number;
  try {
    const found = await lstat(path);
    if (found.nlink > 1 && !found.isDirectory() && seen.has(found.ino)) return 0;
    if (found.nlink > 1) seen.add(found.ino);
    bytes = found.blocks * 512;
    if (found.isDirectory()) {
      for (const name of await readdir(path)) bytes += await count(`${path}/${name}`, seen);
    }
  } catch {
    // Removed, or closed to us, while we counted: it counts nothing.
    return 0;
  }
  return bytes;
}
