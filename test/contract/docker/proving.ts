import type { Plan } from "#engines/builder/plan.ts";
import type { RunEvent } from "#events/vocabulary.ts";
import type { RunView } from "#runs/read-run.ts";
import { type ScriptedModel, startScriptedModel } from "../../fakes/scripted-model.ts";
import { allEvents } from "../../support/builder-runs.ts";
import type { Desk } from "../../support/runs.ts";
import {
  follow,
  GOOD_PLAN,
  planned,
  settled,
  startRun,
  startScriptedStack,
} from "../../support/scripted-builder.ts";
import type { Stack } from "../../support/stack.ts";
import { dockerDriver, ENGINE, IMAGE } from "./engine.ts";

/** Projects that a test writes, built and proven in containers of the image. */
export interface Proving {
  stack: Stack;
  model: ScriptedModel;
  build(project: {
    files: Record<string, string>;
    commands: Plan["commands"];
    edits?: { path: string; content: string }[];
    policy?: object;
    desk?: Desk;
  }): Promise<{ run: RunView; events: RunEvent[]; desk: Desk; runId: string }>;
  stop(): Promise<void>;
}

export async function startProving(env: Record<string, string> = {}, image = IMAGE): Promise<Proving> {
  const model = await startScriptedModel();
  const stack = await startScriptedStack(model, {
    env: {
      ...ENGINE,
      WORKSPACE_DRIVER: "docker",
      WORKSPACE_IMAGE: image,
      ...env,
    },
  });
  return {
    stack,
    model,
    async build({ files, commands, edits = [], policy = {}, desk: of }) {
      const plan = { ...GOOD_PLAN, files: Object.keys(files).map((path) => planned(path)), commands };
      model.script = follow({ plan, files, edits });
      const { desk, runId } = await startRun(stack, policy, of);
      const run = await settled(stack, { desk, runId }, 240_000);
      return { run, events: await allEvents(stack.database.db, runId), desk, runId };
    },
    async stop() {
      const driver = dockerDriver({ home: stack.home });
      for (const userId of await driver.running()) await driver.destroy(userId);
      await stack.stop();
      await model.close();
    },
  };
}

/** Each finding of a step on one line. */
export function findingsOf(events: RunEvent[], step: string): string[] {
  return events.flatMap((event) =>
    event.type === "finding" && event.step === step
      ? [`${event.tool} ${event.severity} ${event.path ?? ""}:${event.line ?? ""} ${event.message}`]
      : [],
  );
}
