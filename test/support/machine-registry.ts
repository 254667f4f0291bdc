import { createLogger } from "#platform/log.ts";
import { readRegistries } from "#workspaces/egress/read-registries.ts";

/** The npm registry of this machine, which may be a mirror. */
export async function machineRegistry(): Promise<URL> {
  const { npm } = await readRegistries(process.env, createLogger("test", "silent"));
  if (!npm) throw new Error("npm of this machine names no registry");
  return npm;
}
