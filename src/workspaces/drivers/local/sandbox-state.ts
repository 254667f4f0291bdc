import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { z } from "zod";

const Identity = z.object({ pid: z.number().int().positive(), started: z.string(), boot: z.string() });

/** What a later runner must know to find, measure and end a sandbox that an earlier one started. */
export const SandboxState = z.object({
  launcher: Identity,
  /** pid 1 of the sandbox, seen from the host: with it everything inside ends */
  init: Identity.nullable(),
  uid: z.number().int(),
  /** by which the supervisor knows us; empty for one that an older platform started */
  linkKey: z.string().default(""),
  cgroups: z.record(z.string(), z.string()),
  memoryLimitBytes: z.number(),
  processesLimit: z.number(),
  diskLimitBytes: z.number(),
});
export type SandboxState = z.infer<typeof SandboxState>;

/** null when it was never started, or the file makes no sense (a full disk once, say). */
export async function readState(file: string): Promise<SandboxState | null> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  try {
    return SandboxState.parse(JSON.parse(text));
  } catch {
    // Then nothing is known of it; a start begins anew.
    return null;
  }
}

export async function writeState(file: string, state: SandboxState): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

export async function forgetState(file: string): Promise<void> {
  await rm(file, { force: true });
}
