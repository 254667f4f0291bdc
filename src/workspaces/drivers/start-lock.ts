import { randomUUID } from "node:crypto";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "#platform/errors.ts";
import { identify, isAlive, type ProcessIdentity } from "#workspaces/drivers/process-identity.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

/** Held while a sandbox is started, stopped or removed, so that two runners on one disk never make two of it. */
export interface StartLock {
  /** false when another took it meanwhile, because we were frozen: what we did must be undone */
  stillHeld(): Promise<boolean>;
  release(): Promise<void>;
}

/** @throws AppError unavailable when another living process holds it for too long */
export async function takeStartLock(file: string): Promise<StartLock> {
  const token = randomUUID();
  const deadline = Date.now() + TUNABLES.startLockMs + TUNABLES.startMs;
  const holder = JSON.stringify({ token, by: await identify(process.pid) });
  while (Date.now() < deadline) {
    if (await create(file, holder)) {
      const stillHeld = async () => (await readFile(file, "utf8").catch(() => "")).includes(token);
      return {
        stillHeld,
        async release() {
          if (await stillHeld()) await rm(file, { force: true });
        },
      };
    }
    if (await isAbandoned(file)) await rm(file, { force: true });
    else await sleep(20);
  }
  throw new AppError("unavailable", "Another runner is busy with this workspace. Try again in a moment.");
}

async function create(file: string, holder: string): Promise<boolean> {
  try {
    await writeFile(file, holder, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function isAbandoned(file: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(file);
    if (Date.now() - mtimeMs > TUNABLES.startLockMs) return true;
    const { by } = JSON.parse(await readFile(file, "utf8")) as { by: ProcessIdentity };
    return !(await isAlive(by));
  } catch {
    // Released, or being written, at this moment.
    return false;
  }
}
