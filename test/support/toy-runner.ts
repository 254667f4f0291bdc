// A runner that executes runs of a toy engine: the real claim, leases, steps and events, without a workspace.
// Says on stdout, a JSON line each, when it begins and ends to work on a run. Arguments: database URL, runs at once, how long a
// step takes, after how long a run stands still (both ms).
import { setTimeout as pause } from "node:timers/promises";
import type { Engine } from "#engines/engine.ts";
import { openDatabase } from "#platform/db.ts";
import { newId } from "#platform/ids.ts";
import { createLogger } from "#platform/log.ts";
import { startRunWorker } from "#runs/run-worker.ts";
import type { AgentDirectory, Workspace } from "#workspaces/workspace.ts";

const [url = "", maxRuns = "20", stepMs = "30", standsStillMs = "60000"] = process.argv.slice(2);
const db = openDatabase(url, { max: 10, application: "toy-runner" });

const say = (what: string, runId: string) =>
  process.stdout.write(`${JSON.stringify({ at: Date.now(), what, runId })}\n`);

const toy: Engine = {
  name: "toy",
  async execute(context) {
    say("begin", context.runId);
    try {
      for (const name of ["one", "two", "three"]) {
        await context.step(name, name, async (step) => {
          await step.say({ type: "notice", level: "info", text: `${name} begins` });
          await pause(Number(stepMs));
          await step.say({ type: "notice", level: "info", text: `${name} ends` });
          return name;
        });
      }
      return { kind: "done", message: "done" };
    } finally {
      say("end", context.runId);
    }
  },
};

const workspace = { languages: {}, agent: (agentId: string) => ({ agentId }) as AgentDirectory };
const worker = await startRunWorker({
  db,
  databaseUrl: url,
  runnerId: newId(),
  maxRuns: Number(maxRuns),
  places: { claimable: () => null, claim: async () => true, awaitRoom: () => {} },
  openWorkspace: async () => workspace as unknown as Workspace,
  engineNamed: () => toy,
  gatewayUrl: "http://127.0.0.1:9",
  runTokenSecret: "no call is made",
  standsStillMs: Number(standsStillMs),
  log: createLogger("toy-runner", "silent"),
});
process.on("SIGTERM", async () => {
  await worker.stop();
  await db.close();
  process.exit(0);
});
