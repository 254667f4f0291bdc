import { expect, test } from "vitest";
import type { EventBody, RunEvent, RunStatus } from "#events/vocabulary.ts";
import { foldEvent, foldEvents } from "#runs/ui/fold-events.ts";
import { EMPTY_RUN, outcomeOf } from "#runs/ui/run-view.ts";

const START = Date.parse("2026-11-20T10:00:00.000Z");

/** The bodies as a run's log has them: gapless from 1, a second apart. */
function log(...bodies: EventBody[]): RunEvent[] {
  return bodies.map((body, index) => ({
    ...body,
    runId: "run",
    seq: index + 1,
    at: new Date(START + index * 1000).toISOString(),
  }));
}

const step = (key: string, status: "running" | "done" | "failed", more: Partial<EventBody> = {}): EventBody =>
  ({ type: "step", key, title: key, status, attempt: 1, ...more }) as EventBody;
const output = (key: string, text: string, stream: "stdout" | "stderr" = "stdout"): EventBody => ({
  type: "output",
  step: key,
  stream,
  text,
});
const says = (text: string): EventBody => ({ type: "agent_message_chunk", content: { type: "text", text } });
const status = (to: RunStatus): EventBody => ({
  type: "run_status",
  status: to,
});

const RUN = log(
  status("queued"),
  status("running"),
  step("r1/plan", "running"),
  says("I plan. "),
  step("r1/plan", "done", { durationMs: 1200 }),
  step("r1/write:a.py", "running"),
  {
    type: "file_changed",
    step: "r1/write:a.py",
    path: "a.py",
    change: "created",
    size: 9,
    additions: 3,
    deletions: 0,
  },
  {
    type: "usage_update",
    step: "r1/write:a.py",
    model: "demo",
    inputTokens: 1,
    outputTokens: 2,
    costMicroUsd: 70,
  },
  step("r1/write:a.py", "done"),
  step("r1/check:1", "running"),
  output("r1/check:1", "one "),
  output("r1/check:1", "two"),
  output("r1/check:1", "oh", "stderr"),
  step("r1/check:1", "failed", { detail: "1 failed" }),
);

test("a replay folds to the same view as the events one by one, cut anywhere", () => {
  const whole = foldEvents(EMPTY_RUN, RUN);
  for (let cut = 0; cut <= RUN.length; cut++) {
    const resumed = foldEvents(foldEvents(EMPTY_RUN, RUN.slice(0, cut)), RUN.slice(cut));
    expect(resumed).toEqual(whole);
  }
});

test("an event that was seen before changes nothing", () => {
  const view = foldEvents(EMPTY_RUN, RUN);
  expect(RUN.every((event) => foldEvent(view, event) === view)).toBe(true);
});

test("an event after a gap is not folded, and lastSeq tells from where to ask again", () => {
  const [first, , third] = RUN;
  const view = foldEvents(EMPTY_RUN, [first, third] as RunEvent[]);
  expect(view.lastSeq).toBe(1);
  expect(view.steps).toEqual([]);
});

test("steps keep what they said, how long they took and what they cost", () => {
  const { steps } = foldEvents(EMPTY_RUN, RUN);
  expect(
    steps.map(({ key, status, durationMs, costMicroUsd }) => [key, status, durationMs, costMicroUsd]),
  ).toEqual([
    ["r1/plan", "done", 1200, 0],
    ["r1/write:a.py", "done", 3000, 70],
    ["r1/check:1", "failed", 4000, 0],
  ]);
  expect(steps[2]?.detail).toBe("1 failed");
});

test("pieces of one stream become one text, another stream begins its own", () => {
  const [, , check] = foldEvents(EMPTY_RUN, RUN).steps;
  expect(check?.entries.map((entry) => "text" in entry && entry.text)).toEqual(["one two", "oh"]);
});

test("a step that runs again keeps its place and what it said", () => {
  const view = foldEvents(
    EMPTY_RUN,
    log(
      step("r1/plan", "running"),
      output("r1/plan", "x"),
      step("r1/plan", "running", { attempt: 2 } as never),
    ),
  );
  expect(view.steps).toHaveLength(1);
  expect(view.steps[0]).toMatchObject({ attempt: 2, status: "running", endedAt: null });
  expect(view.steps[0]?.entries).toHaveLength(1);
});

test("a file that was made in this run and written again is still a new file", () => {
  const changed = (change: "created" | "modified"): EventBody => ({
    type: "file_changed",
    path: "a.py",
    change,
    size: 1,
    additions: 1,
    deletions: 0,
  });
  const view = foldEvents(EMPTY_RUN, log(changed("created"), changed("modified")));
  expect(view.files).toMatchObject([{ path: "a.py", change: "created" }]);
});

test("a review stands while it is awaited, and its answer begins the words anew", () => {
  const asked = log(
    status("running"),
    says("Done."),
    {
      type: "review_requested",
      kind: "result",
      treeHash: "t",
      summary: "Done.",
      obstacles: [{ code: "secret", path: "a.js", line: 2, message: "found a token: ****" }],
    },
    status("awaiting_review"),
    status("queued"),
    says("Again."),
  );
  expect(foldEvents(EMPTY_RUN, asked.slice(0, 4)).review).toMatchObject({
    kind: "result",
    treeHash: "t",
    obstacles: [{ path: "a.js", line: 2 }],
  });
  const answered = foldEvents(EMPTY_RUN, asked);
  expect(answered.review).toBeNull();
  expect(answered.words).toBe("Again.");
});

test("an approved plan stays while it is carried out, also over a question about money; after a result the next plan comes by itself", () => {
  const plan: EventBody = { type: "plan", entries: [{ content: "a", priority: "low", status: "pending" }] };
  const reviewed = (kind: "plan" | "budget" | "result"): RunEvent[] =>
    log(plan, { type: "review_requested", kind, summary: "?" }, status("awaiting_review"), status("queued"));
  expect(foldEvents(EMPTY_RUN, reviewed("plan")).plan).toHaveLength(1);
  expect(foldEvents(EMPTY_RUN, reviewed("budget")).plan).toHaveLength(1);
  expect(foldEvents(EMPTY_RUN, reviewed("result")).plan).toEqual([]);
});

test("the latest quote, and what a question about money says, are kept", () => {
  const quote = { files: 1, calls: 1, repairs: 3, lowMicroUsd: 10, highMicroUsd: 90, ceilingMicroUsd: null };
  const budget = {
    cap: "agent" as const,
    limitMicroUsd: 100,
    leftMicroUsd: 5,
    spentMicroUsd: 95,
    lowMicroUsd: 9,
    highMicroUsd: 80,
    ceilingMicroUsd: 100,
  };
  const view = foldEvents(
    EMPTY_RUN,
    log(
      { type: "quote", quote: { ...quote, files: 2 } },
      { type: "quote", quote },
      { type: "review_requested", kind: "budget", summary: "Go on?", budget },
      status("awaiting_review"),
    ),
  );
  expect(view).toMatchObject({ quote, review: { kind: "budget", budget } });
});

test("a tool's line follows its updates", () => {
  const view = foldEvents(
    EMPTY_RUN,
    log(
      step("s", "running"),
      { type: "tool_call", step: "s", toolCallId: "t", title: "look", kind: "read", status: "in_progress" },
      {
        type: "tool_call_update",
        step: "s",
        toolCallId: "t",
        status: "completed",
        content: [{ type: "text", text: "seen" }],
      },
    ),
  );
  expect(view.steps[0]?.entries).toMatchObject([
    { kind: "tool", title: "look", status: "completed", text: "seen" },
  ]);
});

test("a step that was carried out and found a failure is told apart from one that went well", () => {
  const ran = (ended: "completed" | "failed") =>
    foldEvents(
      EMPTY_RUN,
      log(
        step("s", "running"),
        {
          type: "tool_call",
          step: "s",
          toolCallId: "t",
          title: "test",
          kind: "execute",
          status: "in_progress",
        },
        { type: "tool_call_update", step: "s", toolCallId: "t", status: ended },
        step("s", "done"),
      ),
    ).steps.map(outcomeOf);
  expect(ran("failed")).toEqual(["found"]);
  expect(ran("completed")).toEqual(["done"]);
});

test("a step that was under way when its run was stopped is stopped, not running for ever", () => {
  const begun = log(step("r1/plan", "running"), status("queued"), status("running"), status("cancelled"));
  expect(foldEvents(EMPTY_RUN, begun.slice(0, 3)).steps).toMatchObject([{ status: "running" }]);
  expect(foldEvents(EMPTY_RUN, begun).steps).toMatchObject([{ status: "stopped", durationMs: 3000 }]);
});
