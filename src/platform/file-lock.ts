import { spawn } from "node:child_process";
import { once } from "node:events";
import { AppError } from "#platform/errors.ts";

export interface FileLock {
  release(): Promise<void>;
}

const CONFLICT = 75;

/**
 * Takes the kernel's lock (flock) on a file for this process: it is gone the moment this process is, however it ends.
 * Node has no flock of its own, so `cat` holds it for us: it lives exactly as long as our end of its input, and the
 * byte that it returns says that the lock is ours. Detached, so that a Ctrl-C in the terminal does not reach it.
 *
 * @returns null when somebody else holds it and we are not to wait
 */
export async function lockFile(file: string, options: { wait: boolean }): Promise<FileLock | null> {
  const mode = options.wait ? [] : ["--nonblock", "--conflict-exit-code", String(CONFLICT)];
  const child = spawn("flock", [...mode, "--no-fork", file, "cat"], {
    stdio: ["pipe", "pipe", "ignore"],
    detached: true,
  });
  child.stdin.on("error", () => {
    // It ended before it read the byte: its exit code says why.
  });
  child.stdin.write("\n");
  const taken = once(child.stdout, "data").then(() => true as const);
  const refused = once(child, "exit").then(([code]) => code as number | null);
  const outcome = await Promise.race([taken, refused]).catch((cause: Error) => {
    throw new AppError("unavailable", "The program flock is missing: install util-linux", { cause });
  });
  if (outcome === CONFLICT) return null;
  if (outcome !== true) throw new AppError("unavailable", `Cannot lock ${file}: it should belong to you`);
  // Holding it keeps nobody alive.
  child.unref();
  for (const stream of [child.stdin, child.stdout]) {
    if ("unref" in stream && typeof stream.unref === "function") stream.unref();
  }
  return {
    async release() {
      child.ref();
      child.stdin.end();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}
