import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Holder } from "#launch/hold-home.ts";
import { signalProcess } from "#platform/signal-process.ts";

/** The parts of a start that was killed notice it and end in their own time; this much of it they get. */
const PATIENCE_MS = 9000;

/** Waits until the parts of an earlier start are gone, and ends those that stay. A number that is a stranger's now is left alone. */
export async function endOrphans(previous: Holder | null, say: (text: string) => void): Promise<void> {
  const isLeft = await Promise.all((previous?.parts ?? []).map(isStillThere));
  const left = (previous?.parts ?? []).filter((_, index) => isLeft[index]);
  if (left.length === 0) return;
  say(`an earlier start was killed; waiting for its ${left.map(({ name }) => name).join(", ")} to end`);
  const end = Date.now() + PATIENCE_MS;
  for (const part of left) {
    while (await isStillThere(part)) {
      if (Date.now() > end) signalProcess(part.pid, "SIGKILL");
      await sleep(50);
    }
  }
}

async function isStillThere({ name, pid }: { name: string; pid: number }): Promise<boolean> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ESRCH") return "";
    throw error;
  });
  return commandLine.split("\0").includes(`src/${name}.ts`);
}
