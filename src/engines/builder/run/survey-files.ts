import { z } from "zod";
import type { Project } from "#engines/builder/project.ts";
import type { StepContext } from "#engines/engine.ts";
import { CAPTURE_LIMITS } from "#snapshots/capture-tree.ts";
import { SKIPPED_NAMES } from "#snapshots/tree.ts";

const Surveyed = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("file"),
    size: z.number(),
    executable: z.boolean(),
    /** SHA-256; null: it cannot be read */
    hash: z.string().nullable(),
  }),
  z.object({ type: z.enum(["directory", "other"]) }),
]);
export type Surveyed = z.infer<typeof Surveyed>;

/** What lies in the directory, by path. */
export type Survey = ReadonlyMap<string, Surveyed>;

// What is more than could be kept is no result either: then it ends, and says nothing.
const SCRIPT = `const { lstatSync, readFileSync, readdirSync } = require("node:fs");
const { createHash } = require("node:crypto");
const { skip, most } = JSON.parse(readFileSync(0, "utf8"));
const attempt = (work) => { try { return work(); } catch { return null; } };
const found = [];
let [files, bytes] = [0, 0];
const look = (path) => {
  const info = attempt(() => lstatSync(path));
  if (!info) return;
  if (info.isDirectory()) return found.push([path, { type: "directory" }]), "directory";
  if (!info.isFile()) return found.push([path, { type: "other" }]), "other";
  files += 1;
  bytes += info.size;
  if (files > most.files || info.size > most.fileBytes || bytes > most.totalBytes) process.exit(3);
  const hash = attempt(() => createHash("sha256").update(readFileSync(path)).digest("hex"));
  found.push([path, { type: "file", size: info.size, executable: (info.mode & 0o111) !== 0, hash }]);
};
const walk = (within) => {
  for (const name of attempt(() => readdirSync(within || ".")) ?? []) {
    if (!skip.includes(name) && look(within + name) === "directory") walk(within + name + "/");
  }
};
walk("");
process.stdout.write(JSON.stringify(found));`;

const Found = z.array(z.tuple([z.string(), Surveyed]));

/**
 * Looks at the files that a result could hold, and reads each, in the workspace. With a step it is a journalled process of it, so that a repeat is told the same. null: it is not known in full.
 */
export async function surveyFiles({ context }: Project, step?: StepContext): Promise<Survey | null> {
  const spec = {
    argv: ["node", "-e", SCRIPT],
    stdin: JSON.stringify({ skip: SKIPPED_NAMES, most: CAPTURE_LIMITS }),
    timeoutMs: 60_000,
    outputLimit: 8 * 1024 * 1024,
  };
  const told = step
    ? await context.directory.run(step.processId("before-programs"), spec, async () => {})
    : await context.directory.exec(spec);
  if (told.exitCode !== 0 || told.truncated) return null;
  try {
    return new Map(Found.parse(JSON.parse(told.stdout)));
  } catch {
    // Cut off by whatever ended the workspace: then nothing is known.
    return null;
  }
}
