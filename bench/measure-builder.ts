import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { RunEvent } from "#events/vocabulary.ts";
import { type ScriptedModel, startScriptedModel } from "../test/fakes/scripted-model.ts";
import { productEnvironment, startProduct } from "../test/support/product.ts";
import { askedPath, follow, GOOD_FILES, GOOD_PLAN, planned } from "../test/support/scripted-builder.ts";
import { type Call, caller } from "./call-api.ts";
import { measureCancel } from "./measure-cancel.ts";
import { type Row, timeOf } from "./table.ts";

const ROUNDS = 10;
const MODEL_MS = 1_000;
const FILES = Array.from({ length: 8 }, (_, n) => `part${n}.txt`);

/** The same eight files, each needing the one before: nothing but one step is at work at any time. */
const CHAIN_MODEL_MS = 100;

/**
 * Eight independent files from a model that takes a second for each; and what of a step is the platform's own, by itself
 * (files that need each other) and where eight share the machine; how soon a cancelled run has ended.
 */
export async function measureBuilder(): Promise<Row[]> {
  const home = await mkdtemp(path.join(tmpdir(), "carrel-bench-"));
  const model = await startScriptedModel();
  const product = await startProduct({
    ...(await productEnvironment(home)),
    ANTHROPIC_API_KEY: "sk-ant-scripted",
    ANTHROPIC_BASE_URL: model.url,
  });
  try {
    const { stdout } = await product.carrel("token", "create", "--user", "bench@localhost");
    const call = caller(product, stdout.trim());
    const direct: Row = { what: "eight answers of 1 s, asked for directly at once", times: [] };
    const whole: Row = {
      what: "eight files of 1 s, first begun to last done (target 3000 ms)",
      times: [],
      limit: direct,
    };
    const own: Row = {
      what: "own share of a step, one after another (target 40 ms)",
      times: [],
      figures: "",
    };
    const file: Row = { what: "of these, of a file's step", times: [], figures: "" };
    const crowded: Row = { what: "own share of a file's step, eight at once", times: [], figures: "" };
    for (let round = 0; round <= ROUNDS; round += 1) {
      model.script = scripted(MODEL_MS, () => []);
      const events = await build(call);
      // The first one starts the workspace.
      if (round === 0) continue;
      direct.times.push(await timeOf(() => askDirectly(model)));
      const files = stepsOf(events, MODEL_MS).filter(isPart);
      whole.times.push(
        Math.max(...files.map(({ end }) => end)) - Math.min(...files.map(({ begin }) => begin)),
      );
      crowded.times.push(...files.map((step) => step.own));
      model.script = scripted(CHAIN_MODEL_MS, (n) => (n === 0 ? [] : [`part${n - 1}.txt`]));
      const steps = stepsOf(await build(call), CHAIN_MODEL_MS);
      own.times.push(...steps.map((step) => step.own));
      file.times.push(...steps.filter(isPart).map((step) => step.own));
    }
    return [direct, whole, own, file, crowded, ...(await measureCancel(call, model))];
  } finally {
    await product.stop();
    await model.close();
    await rm(home, { recursive: true, force: true });
  }
}

function isPart({ key }: { key: string }): boolean {
  return key.includes("/write:part");
}

function scripted(delayMs: number, needs: (n: number) => string[]) {
  const files = { ...GOOD_FILES, ...Object.fromEntries(FILES.map((name) => [name, `${name}\n`.repeat(50)])) };
  const plan = {
    ...GOOD_PLAN,
    files: [...FILES.map((name, n) => planned(name, needs(n))), ...GOOD_PLAN.files],
  };
  const answer = follow({ plan, files });
  return (question: Parameters<typeof answer>[0]) => ({
    ...answer(question),
    ...(askedPath(question)?.startsWith("part") ? { delayMs } : {}),
  });
}

async function askDirectly(model: ScriptedModel): Promise<void> {
  const body = JSON.stringify({
    system: "You are Carrel's implementer.",
    messages: [{ role: "user", content: "<path>part0.txt</path>" }],
  });
  await Promise.all(FILES.map(async () => (await fetch(model.url, { method: "POST", body })).text()));
}

async function build(call: Call): Promise<RunEvent[]> {
  const agent = await call("POST", "/agents", { name: "bench", model: "claude-haiku-4-5" });
  const { run } = await call("POST", `/agents/${agent.id}/messages`, { text: "Eight files" });
  for (let status = "queued"; status !== "awaiting_review"; await pause(200)) {
    status = (await call("GET", `/runs/${run.id}`)).status;
    if (status === "failed")
      throw new Error(`the run failed: ${JSON.stringify(await call("GET", `/runs/${run.id}`))}`);
  }
  const { events } = await call("GET", `/runs/${run.id}/events?after=0&limit=1000`);
  await call("DELETE", `/agents/${agent.id}`);
  return events;
}

/** Each step with what of its time was neither the model's nor a command's (milliseconds). */
function stepsOf(events: RunEvent[], modelMs: number) {
  return events.flatMap((event) => {
    if (event.type !== "step" || event.status !== "done") return [];
    const end = Date.parse(event.at);
    const begun = events.find((one) => one.type === "step" && one.key === event.key) as RunEvent;
    const begin = Date.parse(begun.at);
    const commands = events.filter((one) => "step" in one && one.step === event.key);
    const outside = isPart(event) ? modelMs : timeOfCommands(commands);
    return [{ key: event.key, begin, end, own: end - begin - outside }];
  });
}

function timeOfCommands(events: RunEvent[]): number {
  const ends = events.filter((event) => event.type === "tool_call_update");
  return ends.reduce((sum, end) => {
    const begin = events.find((event) => event.type === "tool_call" && event.toolCallId === end.toolCallId);
    return sum + Date.parse(end.at) - Date.parse(begin?.at ?? end.at);
  }, 0);
}
