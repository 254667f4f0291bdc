import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { createLogger } from "#platform/log.ts";
import { readRegistries, sayMissing } from "#workspaces/egress/read-registries.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const log = createLogger("test", "silent");
const { PATH, HOME } = process.env;
const hasPip = spawnSync("sh", ["-c", "pip3 --version"]).status === 0;
const needsPip = test.skipIf(!hasPip);

test("the operator's variables need no tool, and lose the credentials that stand in them", async () => {
  const found = await readRegistries(
    {
      PATH: "/nonexistent",
      NPM_CONFIG_REGISTRY: "https://npm.example.org/root",
      PIP_INDEX_URL: "http://me:secret@pypi.example.org:8080/simple",
    },
    log,
  );
  expect(String(found.npm)).toBe("https://npm.example.org/root/");
  expect(String(found.pypi)).toBe("http://pypi.example.org:8080/simple/");
  expect(sayMissing(found)).toEqual([]);
});

test("where neither a variable nor a tool names one nothing is guessed, and the operator reads what to set", async () => {
  const found = await readRegistries(
    { PATH: "/nonexistent", NPM_CONFIG_REGISTRY: "", PIP_INDEX_URL: "" },
    log,
  );
  expect(found).toEqual({ npm: null, pypi: null });
  expect(sayMissing(found)).toEqual([
    expect.stringContaining("set NPM_CONFIG_REGISTRY"),
    expect.stringContaining("set PIP_INDEX_URL"),
  ]);
});

needsPip(`what the configuration of npm and pip says is taken${hasPip ? "" : ": no pip3"}`, async () => {
  const home = await temporaryDirectory();
  await writeFile(path.join(home, "npmrc"), "registry=https://mirror.example.org/npm\n");
  const long = `https://mirror.example.org/${"pypi/".repeat(40)}simple`;
  await writeFile(path.join(home, "pip.conf"), `[install]\nindex-url = ${long}\n`);
  const own = {
    npm_config_userconfig: path.join(home, "npmrc"),
    PIP_CONFIG_FILE: path.join(home, "pip.conf"),
  };
  const found = await readRegistries({ PATH, HOME, ...own }, log);
  expect(String(found.npm)).toBe("https://mirror.example.org/npm/");
  expect(String(found.pypi)).toBe(`${long}/`);
});

needsPip(`without any, it is what npm and pip themselves have${hasPip ? "" : ": no pip3"}`, async () => {
  const home = await temporaryDirectory();
  const none = { npm_config_userconfig: path.join(home, "1"), npm_config_globalconfig: path.join(home, "2") };
  const found = await readRegistries({ PATH, HOME, ...none, PIP_CONFIG_FILE: "/dev/null" }, log);
  // Both have one, and it is a public one.
  for (const url of [found.npm, found.pypi]) expect(url?.protocol).toBe("https:");
  expect(found.pypi?.pathname).toBe("/simple/");
});
