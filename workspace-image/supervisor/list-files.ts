import type { FileHandle } from "node:fs/promises";
import { lstat, readdir } from "node:fs/promises";
import { entryOf, openDirectory, splitPath } from "./open-inside.ts";
import { Refusal } from "./refusal.ts";
import { SETTINGS } from "./settings.ts";

export interface FileEntry {
  path: string;
  type: "file" | "directory" | "link" | "other";
  size: number;
  mode: number;
  modifiedMs: number;
}

interface Walk {
  recursive: boolean;
  skip: Set<string>;
  limit: number;
  found: FileEntry[];
}

/** What is below `path`, by name; links are told, never followed. @throws Refusal 404, 413 beyond the limit */
export async function listFiles(root: string, path: string, query: URLSearchParams): Promise<FileEntry[]> {
  const parts = splitPath(path);
  const walk: Walk = {
    recursive: query.get("recursive") === "1",
    skip: new Set(query.getAll("skip")),
    limit: Number(query.get("limit") ?? 10_000),
    found: [],
  };
  const directory = await openDirectory(root, parts).catch((error: NodeJS.ErrnoException) => {
    // An agent that has no directory yet has no files; that is an answer.
    if (error.code === "ENOENT" && parts.length === 0) return null;
    throw error;
  });
  if (directory) await walkDirectory(directory, parts, walk);
  return walk.found;
}

async function walkDirectory(directory: FileHandle, parts: string[], walk: Walk): Promise<void> {
  try {
    for (const name of await namesIn(directory)) {
      const entry = walk.skip.has(name) ? null : await describe(directory, name, parts);
      if (!entry) continue;
      if (walk.found.length >= walk.limit) throw new Refusal(413, `There are more than ${walk.limit} files`);
      if (Buffer.byteLength(entry.path) > SETTINGS.pathMost)
        throw new Refusal(413, `A path is longer than ${SETTINGS.pathMost} bytes: ${parts[0]}/…`);
      walk.found.push(entry);
      if (walk.recursive && entry.type === "directory") await descend(directory, name, parts, walk);
    }
  } finally {
    await directory.close();
  }
}

async function namesIn(directory: FileHandle): Promise<string[]> {
  try {
    return (await readdir(`/proc/self/fd/${directory.fd}`)).sort();
  } catch (error) {
    // Its mode closes it: it was told, it is not entered.
    if ((error as NodeJS.ErrnoException).code === "EACCES") return [];
    throw error;
  }
}

async function descend(parent: FileHandle, name: string, parts: string[], walk: Walk): Promise<void> {
  let directory: FileHandle;
  try {
    directory = await openDirectory(entryOf(parent, name), []);
  } catch (error) {
    // It went away or became a link while we looked.
    if (["ENOENT", "ENOTDIR", "ELOOP"].includes((error as NodeJS.ErrnoException).code ?? "")) return;
    throw error;
  }
  await walkDirectory(directory, [...parts, name], walk);
}

async function describe(directory: FileHandle, name: string, parts: string[]): Promise<FileEntry | null> {
  const found = await lstat(entryOf(directory, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (!found) return null;
  const type = found.isFile()
    ? "file"
    : found.isDirectory()
      ? "directory"
      : found.isSymbolicLink()
        ? "link"
        : "other";
  return {
    path: [...parts, name].join("/"),
    type,
    size: type === "file" ? found.size : 0,
    mode: found.mode,
    modifiedMs: found.mtimeMs,
  };
}
