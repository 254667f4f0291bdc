import { readdir, symlink } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startStack } from "../../support/stack.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** The programs of this machine without npm, pip, and Python, which could have a pip. */
async function withoutTools(): Promise<string> {
  const directory = await temporaryDirectory();
  for (const place of ["/usr/bin", "/usr/sbin", "/bin"])
    for (const name of await readdir(place).catch(() => []))
      if (!/^(npm|pip|python)/.test(name))
        await symlink(path.join(place, name), path.join(directory, name)).catch(() => undefined);
  return directory;
}

test("a runner on a machine without npm and pip serves, and tells its operator what to set", async () => {
  const stack = await startStack({ parts: ["runner"], env: { PATH: await withoutTools() } });
  onTestFinished(() => stack.stop());
  const warnings = async () =>
    (await stack.log("runner"))
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line))
      .filter(({ level }) => level === 40)
      .map(({ msg }) => msg);
  await expect
    .poll(warnings, { timeout: 30_000 })
    .toEqual([
      expect.stringContaining("set NPM_CONFIG_REGISTRY"),
      expect.stringContaining("set PIP_INDEX_URL"),
    ]);
}, 120_000);
