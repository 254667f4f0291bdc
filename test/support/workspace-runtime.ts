import { cp } from "node:fs/promises";
import path from "node:path";
import { inject } from "vitest";
import { provideRuntime } from "#workspaces/drivers/local/runtime-files.ts";

const SUPERVISOR = path.resolve(import.meta.dirname, "../../workspace-image/supervisor");

/**
 * Lays into `home` (CARREL_HOME) what the local driver would make there before its first workspace: the keeper is
 * compiled and the supervisor's sources are stripped once for all stacks, and not for each.
 */
export async function layRuntime(home: string): Promise<void> {
  const { supervisor, keeper } = await provideRuntime(
    inject("sharedDirectory"),
    SUPERVISOR,
    process.execPath,
  );
  for (const made of [supervisor, keeper]) {
    if (made !== null) await cp(made, path.join(home, "runtime", path.basename(made)), { recursive: true });
  }
}
