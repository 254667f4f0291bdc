import type { RunEvent } from "#events/vocabulary.ts";
import type { FileView, RunView, StepEntry, StepView } from "#runs/ui/run-view.ts";

type Of<T extends RunEvent["type"]> = Extract<RunEvent, { type: T }>;
type Fold<T extends RunEvent["type"]> = (view: RunView, event: Of<T>) => RunView;

/** What a screen keeps of one step's output, in characters; the log keeps all of it. */
const OUTPUT_KEPT = 200_000;

/**
 * Folds events into the view, in order. An event that was folded before changes nothing; one that would leave a
 * gap is not folded, and `lastSeq` tells from where to ask again.
 */
export function foldEvents(view: RunView, events: readonly RunEvent[]): RunView {
  return events.reduce(foldEvent, view);
}

export function foldEvent(view: RunView, event: RunEvent): RunView {
  if (event.seq !== view.lastSeq + 1) return view;
  const fold = FOLDS[event.type] as Fold<typeof event.type>;
  return { ...fold(view, event), lastSeq: event.seq };
}

const FOLDS: { [T in RunEvent["type"]]: Fold<T> } = {
  run_status: (view, event) => ({
    ...(view.status === "awaiting_review" ? beginAnew(view) : view),
    steps: event.status === "queued" || event.status === "running" ? view.steps : stopSteps(view, event.at),
    status: event.status,
    statusDetail: event.detail ?? null,
    statusAt: event.at,
    review: event.status === "awaiting_review" ? view.review : null,
  }),
  step: foldStep,
  plan: (view, event) => ({ ...view, plan: event.entries }),
  quote: (view, event) => ({ ...view, quote: event.quote }),
  agent_message_chunk: (view, event) =>
    event.step
      ? addEntry(view, event.step, { kind: "words", seq: event.seq, text: event.content.text })
      : { ...view, words: view.words + event.content.text },
  agent_thought_chunk: (view, event) =>
    addEntry(view, event.step, { kind: "thought", seq: event.seq, text: event.content.text }),
  output: (view, event) =>
    addEntry(view, event.step, { kind: "output", seq: event.seq, stream: event.stream, text: event.text }),
  file_changed: foldFile,
  finding: (view, event) => {
    const { tool, severity, message, path = null, line = null } = event;
    const finding = { tool, severity, message, path, line };
    const findings = [...view.findings, finding];
    return addEntry({ ...view, findings }, event.step, { kind: "finding", seq: event.seq, ...finding });
  },
  notice: (view, event) => {
    const notice = { level: event.level, text: event.text };
    if (!event.step) return { ...view, notices: [...view.notices, notice] };
    return addEntry(view, event.step, { kind: "notice", seq: event.seq, ...notice });
  },
  tool_call: (view, event) =>
    addEntry(view, event.step, {
      kind: "tool",
      seq: event.seq,
      id: event.toolCallId,
      title: event.title,
      status: event.status,
      text: "",
    }),
  tool_call_update: foldTool,
  usage_update: (view, event) => ({
    ...changeStep(view, event.step, (step) => ({
      ...step,
      costMicroUsd: step.costMicroUsd + event.costMicroUsd,
    })),
    costMicroUsd: view.costMicroUsd + event.costMicroUsd,
    models: view.models.includes(event.model) ? view.models : [...view.models, event.model],
  }),
  review_requested: (view, event) => ({
    ...view,
    review: {
      kind: event.kind,
      treeHash: event.treeHash ?? null,
      summary: event.summary,
      figures: event.figures ?? null,
      obstacles: event.obstacles ?? [],
      budget: event.budget ?? null,
    },
  }),
  version_published: (view, event) => ({
    ...view,
    version: { number: event.number, treeHash: event.treeHash, state: event.state },
  }),
};

/** What led to a review is kept as a message; the answer to it begins anew, with the plan unless its result was there. */
function beginAnew(view: RunView): RunView {
  return { ...view, words: "", plan: view.review?.kind === "result" ? [] : view.plan };
}

/** What was under way when its run was stopped got no end of its own. */
function stopSteps(view: RunView, at: string): StepView[] {
  if (!view.steps.some(({ status }) => status === "running")) return view.steps;
  return view.steps.map((step) =>
    step.status === "running"
      ? { ...step, status: "stopped", endedAt: at, durationMs: Date.parse(at) - Date.parse(step.startedAt) }
      : step,
  );
}

function foldStep(view: RunView, event: Of<"step">): RunView {
  const running = event.status === "running";
  const known = view.steps.find((step) => step.key === event.key);
  if (!known) return { ...view, steps: [...view.steps, newStep(event)] };
  return changeStep(view, event.key, (step) => ({
    ...step,
    title: event.title,
    status: event.status,
    attempt: event.attempt,
    endedAt: running ? null : event.at,
    durationMs: running ? null : (event.durationMs ?? Date.parse(event.at) - Date.parse(step.startedAt)),
    costMicroUsd: event.costMicroUsd ?? step.costMicroUsd,
    detail: event.detail ?? step.detail,
  }));
}

function newStep(event: Of<"step">): StepView {
  const running = event.status === "running";
  return {
    key: event.key,
    title: event.title,
    status: event.status,
    attempt: event.attempt,
    startedAt: running ? event.at : new Date(Date.parse(event.at) - (event.durationMs ?? 0)).toISOString(),
    endedAt: running ? null : event.at,
    durationMs: running ? null : (event.durationMs ?? null),
    costMicroUsd: event.costMicroUsd ?? 0,
    detail: event.detail ?? null,
    entries: [],
  };
}

function foldFile(view: RunView, event: Of<"file_changed">): RunView {
  const { path, change, size, additions, deletions } = event;
  const before = view.files.find((file) => file.path === path);
  const file: FileView = {
    path,
    // A file made in this run and written again is still a new file.
    change: before?.change === "created" && change === "modified" ? "created" : change,
    size,
    additions,
    deletions,
  };
  const files = before
    ? view.files.map((other) => (other.path === path ? file : other))
    : [...view.files, file];
  const entry: StepEntry = { kind: "file", seq: event.seq, path, change, size, additions, deletions };
  return addEntry({ ...view, files }, event.step, entry);
}

function foldTool(view: RunView, event: Of<"tool_call_update">): RunView {
  const said = event.content?.map((part) => part.text).join("") ?? "";
  return changeStep(view, event.step, (step) => ({
    ...step,
    entries: step.entries.map((entry) =>
      entry.kind === "tool" && entry.id === event.toolCallId
        ? { ...entry, status: event.status ?? entry.status, text: entry.text + said }
        : entry,
    ),
  }));
}

function changeStep(view: RunView, key: string | undefined, change: (step: StepView) => StepView): RunView {
  if (key === undefined) return view;
  return { ...view, steps: view.steps.map((step) => (step.key === key ? change(step) : step)) };
}

function addEntry(view: RunView, key: string | undefined, entry: StepEntry): RunView {
  return changeStep(view, key, (step) => ({ ...step, entries: append(step.entries, entry) }));
}

/** Pieces of one stream become one text, so that a long output is one element on the page and not thousands. */
function append(entries: StepEntry[], entry: StepEntry): StepEntry[] {
  const last = entries.at(-1);
  if (last?.kind === "output" && entry.kind === "output" && last.stream === entry.stream) {
    return [...entries.slice(0, -1), { ...last, text: (last.text + entry.text).slice(-OUTPUT_KEPT) }];
  }
  if (last && last.kind === entry.kind && (last.kind === "words" || last.kind === "thought")) {
    const text = last.text + (entry as typeof last).text;
    return [...entries.slice(0, -1), { ...last, text }];
  }
  return [...entries, entry];
}
