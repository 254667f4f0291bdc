import type { KeptTree, RunContext } from "#engines/engine.ts";
import type { Database } from "#platform/db.ts";
import { loadCheckpoints } from "#runs/execution/checkpoints.ts";
import { durableSteps } from "#runs/execution/durable-step.ts";
import type { EventWriter } from "#runs/execution/event-writer.ts";
import type { Execution } from "#runs/execution/execution.ts";
import { guardedDirectory } from "#runs/execution/guarded-directory.ts";
import { type LoadedRun, readEarlierResult } from "#runs/execution/load-run.ts";
import { isAway, patiently } from "#runs/execution/patiently.ts";
import { runMoney } from "#runs/execution/run-money.ts";
import { Teller } from "#runs/execution/teller.ts";
import { Told } from "#runs/execution/told.ts";
import { captureTree } from "#snapshots/capture-tree.ts";
import { readBlob, readTree } from "#snapshots/read-tree.ts";
import { readEgressPolicy } from "#workspaces/egress-policy.ts";
import type { Workspace } from "#workspaces/workspace.ts";

/** Puts together what an engine gets to see of its run. */
export async function runContext(
  db: Database,
  execution: Execution,
  run: LoadedRun,
  openWorkspace: () => Promise<Workspace>,
  writer: EventWriter,
): Promise<RunContext> {
  const { languages } = await patiently(execution, openWorkspace, isAway);
  const checkpoints = await loadCheckpoints(db.pool, execution.runId);
  // What an engine says outside its steps is counted as a step's: said once, however often it is executed.
  const ownKey = `r${run.round}`;
  const teller = new Teller(writer, ownKey, checkpoints.told.get(ownKey) ?? new Told(), null);
  const directory = guardedDirectory(execution.agentId, execution.lease, openWorkspace);
  return {
    runId: execution.runId,
    agentId: execution.agentId,
    round: run.round,
    model: run.model,
    requests: run.requests,
    instructions: run.instructions,
    locale: run.locale,
    policy: run.policy,
    decisions: run.decisions,
    money: runMoney(execution, run.model),
    directory,
    capture: async () => (await captureTree(db, execution.userId, directory)).treeHash,
    openTree: (hash) => openTree(db, execution.userId, hash),
    earlier: async <T>(key: string) => (await readEarlierResult(db.pool, execution, key)) as T | null,
    languages,
    network: (await readEgressPolicy(db.pool, execution.userId)).enabled,
    signal: execution.lease.signal,
    async say(event) {
      execution.lease.assertHeld();
      await teller.say(event);
    },
    finished: (key) => checkpoints.steps.get(`${ownKey}/${key}`)?.status === "done",
    begun: (key) => checkpoints.steps.has(`${ownKey}/${key}`),
    step: durableSteps(execution, checkpoints, writer),
  };
}

async function openTree(db: Database, userId: string, hash: string): Promise<KeptTree> {
  const entries = new Map((await readTree(db, userId, hash)).map((entry) => [entry.path, entry]));
  return {
    paths: [...entries.keys()],
    look(path) {
      const found = entries.get(path);
      return found ? { size: found.size, mode: Number.parseInt(found.mode, 8), hash: found.hash } : null;
    },
    async read(path) {
      const found = entries.get(path);
      return found ? readBlob(db, userId, found.hash) : null;
    },
  };
}
