// A runner that follows the counting process and says each piece on stdout, until it is killed.
// Arguments: CARREL_HOME, launcher, user id, slot.
import type { LauncherName } from "#workspaces/drivers/local/launcher.ts";
import { LocalDriver } from "#workspaces/drivers/local/local-driver.ts";
import { COUNTING } from "../workspace/counting.ts";
import { hold, smallSpec } from "../workspace/desk.ts";

const [home = "", launcher = "", userId = "", slot = ""] = process.argv.slice(2);
const driver = new LocalDriver({ home, launchers: [launcher as LauncherName] });
const held = hold(driver, { ...smallSpec(userId), slot: Number(slot) });
await held.agent("one").run("counting", COUNTING, (piece) => {
  process.stdout.write(`${JSON.stringify(piece)}\n`);
});
