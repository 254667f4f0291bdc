import { readdir, readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { ScriptedModel } from "../test/fakes/scripted-model.ts";
import { askedPath, follow, GOOD_FILES } from "../test/support/scripted-builder.ts";
import type { Call } from "./call-api.ts";
import { type Row, timeOf } from "./table.ts";

const ROUNDS = 10;
const LONG_MS = 600_000;

/** What a test starts and leaves behind, in a session of its own; no other process of the machine is called so. */
const SECONDS = "86311";
const LEAVES_CHILDREN = `import { spawn } from 'node:child_process';
import { test } from 'node:test';
test('goes on', () => new Promise((done) => {
  spawn('setsid', ['sleep', '${SECONDS}'], { detached: true });
  setTimeout(done, ${LONG_MS});
}));
`;

/** From the request to cancel a run until the model's call, or the processes of its step, have ended. */
export async function measureCancel(call: Call, model: ScriptedModel): Promise<Row[]> {
  const modelCall: Row = { what: "cancel, until the model's call has ended (target 2000 ms)", times: [] };
  const processes: Row = { what: "cancel, until every process has ended (target 2000 ms)", times: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const answer = follow({});
    let begun = false;
    model.script = (question) => {
      begun ||= askedPath(question) === "add.js";
      return { ...answer(question), ...(askedPath(question) === "add.js" ? { delayMs: LONG_MS } : {}) };
    };
    modelCall.times.push(
      await cancelled(
        call,
        async () => begun,
        async () => model.abandoned > 0,
        () => {
          model.abandoned = 0;
        },
      ),
    );
    model.script = follow({ files: { ...GOOD_FILES, "add.test.js": LEAVES_CHILDREN } });
    const running = async () => (await countSleepers()) > 0;
    processes.times.push(await cancelled(call, running, async () => !(await running())));
  }
  return [modelCall, processes];
}

async function cancelled(
  call: Call,
  begun: () => Promise<boolean>,
  ended: () => Promise<boolean>,
  before: () => void = () => {},
): Promise<number> {
  const agent = await call("POST", "/agents", { name: "bench", model: "claude-haiku-4-5" });
  const { run } = await call("POST", `/agents/${agent.id}/messages`, { text: "An adder" });
  while (!(await begun())) await pause(20);
  before();
  const took = await timeOf(async () => {
    await call("POST", `/runs/${run.id}/cancel`);
    while (!(await ended())) await pause(2);
  });
  while ((await call("GET", `/runs/${run.id}`)).status !== "cancelled") await pause(20);
  await call("DELETE", `/agents/${agent.id}`);
  return took;
}

async function countSleepers(): Promise<number> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    // It has just ended.
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return lines.filter((line) => line === `sleep\0${SECONDS}\0`).length;
}
