import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Surroundings } from "#launch/database-client.ts";
import { AppError } from "#platform/errors.ts";
import { lockFile } from "#platform/file-lock.ts";

const CHECKOUT = fileURLToPath(new URL("../..", import.meta.url));
const BUILDS = path.join(CHECKOUT, ".next");
/** Names the build that web serves; next.config.mjs reads it. */
const CURRENT = path.join(BUILDS, "current");
/** Whatever the pages are built from. */
const SOURCES = [
  "src",
  "public",
  "prisma/schema.prisma",
  "next.config.mjs",
  "tsconfig.json",
  "package-lock.json",
];
/** Older ones may still be served by a web that runs. */
const BUILDS_KEPT = 3;

/** Whether the pages on disk were built from the sources on disk. */
export async function isWebBuilt(): Promise<boolean> {
  return (await readCurrent()) === (await fingerprint());
}

/**
 * Builds the pages when their sources changed: into a directory that is named after the sources, so that no server
 * loses the files that it serves. Several at once wait for one another, and only the first one builds.
 *
 * @param surroundings PATH and HOME of the build
 * @returns whether there was something to do
 * @throws AppError internal with the end of the build's output
 */
export async function buildWeb(surroundings: Surroundings, stop?: AbortSignal): Promise<boolean> {
  if (await isWebBuilt()) return false;
  await mkdir(BUILDS, { recursive: true });
  const lock = await lockFile(path.join(BUILDS, "lock"), { wait: true });
  try {
    const build = await fingerprint();
    if ((await readCurrent()) === build) return false;
    if (!(await isComplete(build))) await run(build, surroundings, stop);
    await writeFile(`${CURRENT}.new`, build);
    await rename(`${CURRENT}.new`, CURRENT);
    await removeOldBuilds();
    return true;
  } finally {
    await lock?.release();
  }
}

async function run(build: string, { PATH, HOME }: Surroundings, stop?: AbortSignal): Promise<void> {
  const dir = path.join(BUILDS, build);
  await rm(dir, { recursive: true, force: true });
  await writeFile(`${dir}.tsconfig.json`, '{ "extends": "../tsconfig.json" }\n');
  const child = spawn(process.execPath, ["node_modules/next/dist/bin/next", "build"], {
    cwd: CHECKOUT,
    env: {
      PATH,
      HOME,
      NODE_ENV: "production",
      NEXT_TELEMETRY_DISABLED: "1",
      NO_COLOR: "1",
      CARREL_WEB_BUILD: path.relative(CHECKOUT, dir),
    },
    stdio: ["ignore", "pipe", "pipe"],
    ...(stop ? { signal: stop } : {}),
  });
  const [[code], output, errors] = await Promise.all([
    once(child, "exit") as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  if (code !== 0) {
    const tail = `${output}${errors}`.trim().split("\n").slice(-25).join("\n");
    throw new AppError("internal", `The pages could not be built:\n${tail}`);
  }
  await writeFile(completeMark(build), "");
}

function completeMark(build: string): string {
  return path.join(BUILDS, build, "carrel-complete");
}

async function isComplete(build: string): Promise<boolean> {
  return (await unlessMissing(stat(completeMark(build)))) !== null;
}

async function readCurrent(): Promise<string | null> {
  const current = await unlessMissing(readFile(CURRENT, "utf8"));
  return current !== null && (await isComplete(current)) ? current : null;
}

async function removeOldBuilds(): Promise<void> {
  const names = (await readdir(BUILDS)).filter((name) => /^[0-9a-f]{16}$/.test(name));
  const aged = await Promise.all(
    names.map(async (name) => ({
      name,
      time: (await unlessMissing(stat(completeMark(name))))?.mtimeMs ?? 0,
    })),
  );
  for (const { name } of aged.sort((a, b) => b.time - a.time).slice(BUILDS_KEPT)) {
    await rm(path.join(BUILDS, name), { recursive: true, force: true });
    await rm(path.join(BUILDS, `${name}.tsconfig.json`), { force: true });
  }
}

async function fingerprint(): Promise<string> {
  const hash = createHash("sha256");
  for (const source of SOURCES) await addToHash(hash, source);
  return hash.digest("hex").slice(0, 16);
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

async function unlessMissing<T>(work: Promise<T>): Promise<T | null> {
  return work.catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
}
