import type { Victim } from "../../support/kill-matrix.ts";
import { killSuite, testKills } from "../../support/kill-suite.ts";

const trial = killSuite();

const gateway: Victim = {
  losesCalls: true,
  kill: () => trial.stack.kill("gateway"),
  comeBack: () => trial.stack.restart("gateway"),
};

testKills(trial, "the gateway", gateway);
