import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Surroundings } from "#launch/database-client.ts";
import { AppError } from "#platform/errors.ts";
import { lockFile } from "#platform/file-lock.ts";

const CHECKOUT = fileURLToPath(new URL("../..", import.meta.url));
const STAMP = path.join(CHECKOUT, ".next/built-from");
/** Whatever the pages are built from. */
const SOURCES = [
  "src",
  "public",
  "prisma/schema.prisma",
  "next.config.mjs",
  "tsconfig.json",
  "package-lock.json",
];

/** Whether the pages on disk were built from the sources on disk. */
export async function isWebBuilt(): Promise<boolean> {
  return (await readStamp()) === (await fingerprint());
}

/**
 * Builds the pages when their sources changed. Several at once wait for one another, and only the first one builds.
 *
 * @param surroundings PATH and HOME of the build
 * @returns whether there was something to do
 * @throws AppError internal with the end of the build's output
 */
export async function buildWeb(surroundings: Surroundings, stop?: AbortSignal): Promise<boolean> {
  if (await isWebBuilt()) return false;
  const cache = path.join(CHECKOUT, "node_modules/.cache");
  await mkdir(cache, { recursive: true });
  const lock = await lockFile(path.join(cache, "carrel-build.lock"), { wait: true });
  try {
    const before = await fingerprint();
    if ((await readStamp()) === before) return false;
    await rm(STAMP, { force: true });
    await run(["node_modules/next/dist/bin/next", "build"], surroundings, stop);
    await writeFile(STAMP, before);
    return true;
  } finally {
    await lock?.release();
  }
}

async function run(args: string[], { PATH, HOME }: Surroundings, stop?: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, args, {
    cwd: CHECKOUT,
    env: { PATH, HOME, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    ...(stop ? { signal: stop } : {}),
  });
  const [[code], output, errors] = await Promise.all([
    once(child, "exit") as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  if (code === 0) return;
  const tail = `${output}${errors}`.trim().split("\n").slice(-25).join("\n");
  throw new AppError("internal", `The pages could not be built:\n${tail}`);
}

async function readStamp(): Promise<string | null> {
  return readFile(STAMP, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
}

async function fingerprint(): Promise<string> {
  const hash = createHash("sha256");
  for (const source of SOURCES) await addToHash(hash, source);
  return hash.digest("hex");
}

async function addToHash(hash: ReturnType<typeof createHash>, relative: string): Promise<void> {
  const file = path.join(CHECKOUT, relative);
  try {
    const content = await readFile(file);
    hash.update(`${relative}\0${content.byteLength}\0`).update(content);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return;
    if (code !== "EISDIR") throw error;
    for (const name of (await readdir(file)).sort()) await addToHash(hash, `${relative}/${name}`);
  }
}
