import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

/** A CARREL_HOME whose path is longer than a socket's address can be. */
export async function temporaryHome(): Promise<{ home: string; remove(): Promise<void> }> {
  const home = await mkdtemp(path.join(tmpdir(), `carrel-docker-${"long".repeat(25)}-`));
  return { home, remove: () => rm(home, { recursive: true, force: true }) };
}
