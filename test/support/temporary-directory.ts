import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** A new empty directory for the running test; removed when the test has finished. */
export async function temporaryDirectory(): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), "carrel-test-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}
