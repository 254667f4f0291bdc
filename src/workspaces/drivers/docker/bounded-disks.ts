import { execFile } from "node:child_process";
import { link, mkdir, open, readFile, realpath, rm, rmdir, stat, statfs } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { AppError } from "#platform/errors.ts";
import type { WorkspaceSpec } from "#workspaces/driver.ts";
import { WORKSPACE_UID } from "#workspaces/drivers/docker/container-spec.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

const run = promisify(execFile);

/**
 * A disk of its own for each workspace: a sparse file with an ext4 file system, mounted while the workspace runs. Full
 * is full, whatever users' code does, and nobody else's disk feels it. Needs root on the engine's own host.
 */
export class BoundedDisks {
  readonly #home: string;

  private constructor(home: string) {
    this.#home = home;
  }

  /** The kernel lists mounts by their real path, so the home is taken by its own. */
  static async in(home: string): Promise<BoundedDisks> {
    await mkdir(home, { recursive: true, mode: 0o700 });
    return new BoundedDisks(await realpath(home));
  }

  /** Only what is surely not there is not: whoever takes a disk for missing begins with an empty one. */
  async exists(userId: string): Promise<boolean> {
    try {
      await stat(this.#file(userId));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
      throw new AppError("unavailable", "The runner cannot look at the disks of workspaces.", {
        cause: error,
      });
    }
  }

  /** Makes it, grows it when the limit grew, mounts it. */
  async prepare(spec: Pick<WorkspaceSpec, "userId" | "diskBytes">): Promise<{ directory: string }> {
    const directory = this.#directory(spec.userId);
    if (await isMounted(directory)) return { directory };
    const file = this.#file(spec.userId);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await mkdir(directory, { recursive: true, mode: 0o700 });
    if (!(await this.exists(spec.userId))) await this.#make(file, spec.diskBytes);
    if (await growFile(file, spec.diskBytes)) await growFileSystem(file);
    await run("mount", ["-t", "ext4", "-o", "loop,nosuid,nodev,noatime", file, directory]).catch(
      async (error) => {
        // Another runner was quicker.
        if (!(await isMounted(directory))) throw error;
      },
    );
    await rmdir(path.join(directory, "lost+found")).catch(() => {
      // It went at the first mount already.
    });
    return { directory };
  }

  /** The loop device goes with the last mount. */
  async release(userId: string): Promise<void> {
    const directory = this.#directory(userId);
    const deadline = performance.now() + TUNABLES.stopMs;
    while (await isMounted(directory)) {
      const busy = await run("umount", [directory]).then(
        () => null,
        (error: unknown) => error,
      );
      if (busy === null) continue;
      if (performance.now() > deadline)
        throw new AppError("unavailable", "The workspace's disk is still in use.", { cause: busy });
      await sleep(20);
    }
  }

  /** Whose are mounted now. */
  async mounted(): Promise<string[]> {
    const base = path.join(this.#home, "containers");
    const places = (await mountPoints()).map((place) => path.relative(base, place).split(path.sep));
    return places.flatMap(([userId, data, more]) =>
      userId && userId !== ".." && data === "data" && more === undefined ? [userId] : [],
    );
  }

  /** Bytes that are taken on it, whatever took them; null: it is not mounted. */
  async usedBytes(userId: string): Promise<number | null> {
    const directory = this.#directory(userId);
    if (!(await isMounted(directory))) return null;
    const { blocks, bfree, bsize } = await statfs(directory);
    return (blocks - bfree) * bsize;
  }

  async remove(userId: string): Promise<void> {
    await this.release(userId);
    await rm(this.#file(userId), { force: true });
  }

  /** A copy of an empty one of that size: making a file system anew takes a hundred times as long. */
  async #make(file: string, bytes: number): Promise<void> {
    const blank = path.join(this.#home, "disks", `blank-${bytes}`);
    // Not there, or not to be seen: making it anew tells what is wrong.
    const isThere = await stat(blank).then(
      () => true,
      () => false,
    );
    if (!isThere) await appear(blank, (fresh) => makeFileSystem(fresh, bytes));
    await appear(file, async (fresh) => void (await run("cp", ["--sparse=always", blank, fresh])));
  }

  #file(userId: string): string {
    return path.join(this.#home, "disks", `${userId}.ext4`);
  }

  #directory(userId: string): string {
    return path.join(this.#home, "containers", userId, "data");
  }
}

/** In full or not at all, and never over another runner's. */
async function appear(file: string, make: (fresh: string) => Promise<void>): Promise<void> {
  const fresh = `${file}.${process.pid}.${performance.now()}`;
  try {
    await make(fresh);
    await link(fresh, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(fresh, { force: true });
  }
}

async function makeFileSystem(file: string, bytes: number): Promise<void> {
  await growFile(file, bytes);
  const owner = `root_owner=${WORKSPACE_UID}:${WORKSPACE_UID}`;
  const lazily = "lazy_itable_init=1,lazy_journal_init=1,nodiscard";
  await run("mkfs.ext4", ["-q", "-F", "-m", "0", "-E", `${owner},${lazily}`, file]);
}

/** Before it is mounted: growing one that is takes a capability more. */
async function growFileSystem(file: string): Promise<void> {
  await run("e2fsck", ["-f", "-p", file]).catch((error: { code?: number }) => {
    // 1: it mended something.
    if (error.code !== 1) throw error;
  });
  await run("resize2fs", [file]);
}

/** Sparse: what is not written takes no room. */
async function growFile(file: string, bytes: number): Promise<boolean> {
  const handle = await open(file, "a", 0o600);
  try {
    const { size } = await handle.stat();
    if (size >= bytes) return false;
    await handle.truncate(bytes);
    return true;
  } finally {
    await handle.close();
  }
}

async function isMounted(directory: string): Promise<boolean> {
  return (await mountPoints()).includes(directory);
}

async function mountPoints(): Promise<string[]> {
  const text = await readFile("/proc/self/mountinfo", "utf8").catch((error: NodeJS.ErrnoException) => {
    // A host of another system mounts nothing.
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const lines = text.split("\n");
  return lines.map((line) => (line.split(" ")[4] ?? "").replaceAll("\\040", " "));
}
