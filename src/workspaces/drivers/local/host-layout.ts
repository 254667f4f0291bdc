import { lstat, readdir, readFile, readlink, stat } from "node:fs/promises";
import type { HostLayout } from "#workspaces/drivers/local/sandbox-plan.ts";

// What programs in there may read of /etc. Nothing with a secret, a host's name or a person in it.
const ETC = [
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "alternatives",
  "ssl/certs",
  "ssl/openssl.cnf",
  "ca-certificates",
  "localtime",
  "timezone",
  "mime.types",
  "magic",
  "terminfo",
  "perl",
  "protocols",
  "services",
];

/** Looks at what this host has, once per start of a sandbox (a few lstat calls). */
export async function readHostLayout(): Promise<HostLayout> {
  const system = [];
  for (const at of ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]) {
    // Not every system has each of these; what is not there is not shown inside.
    const found = await lstat(at).catch(() => null);
    if (found) system.push({ at, link: found.isSymbolicLink() ? await readlink(at) : null });
  }
  const pythons = (await readdir("/etc")).filter((name) => /^python\d[\d.]*$/.test(name));
  const etc = [];
  for (const name of [...ETC, ...pythons]) {
    // The same.
    const found = await stat(`/etc/${name}`).catch(() => null);
    if (found) etc.push({ at: `/etc/${name}`, directory: found.isDirectory() });
  }
  return { system, etc };
}

/** The runner's own hard limits: nothing that it starts can have more. */
export async function readHardLimits(): Promise<{ openFiles: number; processes: number }> {
  const text = await readFile("/proc/self/limits", "utf8");
  const hard = (name: string) => {
    const value = new RegExp(`^${name}\\s+\\S+\\s+(\\S+)`, "m").exec(text)?.[1];
    return value === undefined || value === "unlimited" ? Number.MAX_SAFE_INTEGER : Number(value);
  };
  return { openFiles: hard("Max open files"), processes: hard("Max processes") };
}
