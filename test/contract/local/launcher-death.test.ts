import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { LauncherName } from "#workspaces/drivers/local/launcher.ts";
import { LocalDriver } from "#workspaces/drivers/local/local-driver.ts";
import { SandboxState } from "#workspaces/drivers/local/sandbox-state.ts";
import { isAlive, killProcess } from "#workspaces/drivers/process-identity.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { hold, PATIENCE, sh, smallSpec } from "../workspace/desk.ts";
import { whyNot } from "./why-not.ts";

describe.each<LauncherName>(["bubblewrap", "util-linux"])("a sandbox by %s", async (launcher) => {
  const reason = await whyNot(launcher);

  test("ends as a whole when the process that launched it is killed, and is started anew", async (context) => {
    if (reason !== null) context.skip(reason);
    const home = await temporaryDirectory();
    const driver = new LocalDriver({ home, launchers: [launcher] });
    const held = hold(driver, smallSpec());
    onTestFinished(async () => {
      held.letGo();
      await driver.destroy(held.userId);
    });
    const agent = held.agent("one");
    await agent.write("file", "kept");
    const file = path.join(home, "workspaces", held.userId, "state.json");
    const state = SandboxState.parse(JSON.parse(await readFile(file, "utf8")));
    const init = state.init;
    if (!init) throw new Error("the first process of the sandbox was not found");
    expect(init.pid).not.toBe(state.launcher.pid);
    await killProcess(state.launcher);
    await expect.poll(() => isAlive(init), PATIENCE).toBe(false);
    expect((await agent.exec(sh("cat file"))).stdout).toBe("kept");
  });
});
