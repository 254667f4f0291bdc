import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { isAppError } from "#platform/errors.ts";
import type { LauncherName } from "#workspaces/drivers/local/launcher.ts";
import { LocalDriver } from "#workspaces/drivers/local/local-driver.ts";

/** Why this machine cannot show the contract with that launcher; null: it can. */
export async function whyNot(launcher: LauncherName): Promise<string | null> {
  const home = await mkdtemp(path.join(tmpdir(), "carrel-why-not-"));
  try {
    await new LocalDriver({ home, launchers: [launcher] }).probe();
    return null;
  } catch (error) {
    if (isAppError(error)) return error.message;
    throw error;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
