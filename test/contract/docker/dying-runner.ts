// A runner that follows the counting process and says each piece on stdout, until it is killed.
// Arguments: CARREL_HOME, whether the engine counts as one on another host, user id, slot.
import { COUNTING } from "../workspace/counting.ts";
import { hold, smallSpec } from "../workspace/desk.ts";
import { dockerDriver, ELSEWHERE } from "./engine.ts";

const [home = "", elsewhere = "", userId = "", slot = ""] = process.argv.slice(2);
const driver = dockerDriver({ home, ...(elsewhere === "true" ? ELSEWHERE : {}) });
const held = hold(driver, { ...smallSpec(userId), slot: Number(slot) });
await held.agent("one").run("counting", COUNTING, (piece) => {
  process.stdout.write(`${JSON.stringify(piece)}\n`);
});
