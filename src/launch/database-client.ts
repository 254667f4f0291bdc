import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { sha256 } from "#platform/crypto.ts";

const CHECKOUT = fileURLToPath(new URL("../..", import.meta.url));
const SCHEMA = path.join(CHECKOUT, "prisma/schema.prisma");
const PRISMA = path.join(CHECKOUT, "node_modules/prisma");
const STAMP = path.join(CHECKOUT, "src/platform/prisma/.made-from");

/** The little of the caller's environment that a build may see. */
export type Surroundings = Record<string, string | undefined>;

/** Generates Prisma's client in src/platform/prisma when the schema or Prisma itself changed. */
export async function generateDatabaseClient({ PATH, HOME }: Surroundings): Promise<void> {
  const sources = await Promise.all([
    readFile(SCHEMA, "utf8"),
    readFile(path.join(PRISMA, "package.json"), "utf8"),
  ]);
  const stamp = sha256(sources.join("\0"));
  const made = await readFile(STAMP, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (made === stamp) return;
  await promisify(execFile)(process.execPath, [path.join(PRISMA, "build/index.js"), "generate"], {
    cwd: CHECKOUT,
    env: {
      PATH,
      HOME,
      NODE_ENV: "production",
      // `generate` needs no schema engine, but would fetch one over the network when it finds none.
      PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true",
      PRISMA_HIDE_UPDATE_MESSAGE: "1",
      CHECKPOINT_DISABLE: "1",
    },
  });
  await writeFile(STAMP, stamp);
}
