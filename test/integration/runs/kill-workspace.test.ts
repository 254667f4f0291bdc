import type { Victim } from "../../support/kill-matrix.ts";
import { killSuite, testKills } from "../../support/kill-suite.ts";
import { runState, until } from "../../support/runs.ts";
import { killSandboxes } from "../../support/stack.ts";

const trial = killSuite();

/**
 * Nobody starts it again: whoever needs it does. Where it is down it is killed in the middle of its next start, unless
 * the run comes to its end without it.
 */
const workspace: Victim = {
  losesCalls: false,
  kill: ({ runId }) =>
    until("a process to kill, or the run's end", async () => {
      if ((await killSandboxes(trial.stack.home)) > 0) return true;
      return (await runState(trial.stack.database.db, runId)).status === "awaiting_review";
    }),
  comeBack: async () => {},
};

testKills(trial, "the workspace", workspace);
