import { cp } from "node:fs/promises";
import path from "node:path";
import { inject } from "vitest";
import { provideRuntime, type RuntimeFiles } from "#workspaces/drivers/local/runtime-files.ts";

const SUPERVISOR = path.resolve(import.meta.dirname, "../../workspace-image/supervisor");

let made: Promise<RuntimeFiles> | undefined;

/**
 * Lays into `home` (CARREL_HOME) what the local driver would make there before its first workspace: the keeper is
 * compiled and the supervisor's sources are stripped once for all stacks, and not for each.
 */
export async function layRuntime(home: string): Promise<void> {
  // Once at a time in a process: what is being made is named by it.
  made ??= provideRuntime(inject("sharedDirectory"), SUPERVISOR, process.execPath);
  const { supervisor, keeper } = await made;
  for (const file of [supervisor, keeper]) {
    if (file !== null) await cp(file, path.join(home, "runtime", path.basename(file)), { recursive: true });
  }
}
