import type { LatestRun } from "#api/schema/agent.ts";
import type { Run } from "#api/schema/run.ts";
import type { RunStatus } from "#events/vocabulary.ts";
import type { RunView } from "#runs/ui/run-view.ts";
import type { SignShape } from "#ui/sign.tsx";

/** The state of an agent: one word, one sign, the same everywhere. */
export type StateWord = "idle" | "waiting" | "working" | "needsYou" | "failed" | "done" | "stopped";

export const SIGN_OF: Record<StateWord, SignShape> = {
  idle: "open",
  waiting: "queued",
  working: "moving",
  needsYou: "asking",
  failed: "broken",
  done: "done",
  stopped: "stopped",
};

const WORD_OF: Record<RunStatus, StateWord> = {
  queued: "waiting",
  running: "working",
  awaiting_review: "needsYou",
  succeeded: "done",
  failed: "failed",
  cancelled: "stopped",
};

export interface AgentState {
  word: StateWord;
  /** place in the queue, from 1 */
  place: number | null;
  /** the step under way */
  step: { key: string; title: string; startedAt: string } | null;
  /** since when it works, ISO 8601 */
  since: string | null;
}

export function stateOfStatus(status: RunStatus): StateWord {
  return WORD_OF[status];
}

type RunFacts = Pick<LatestRun, "status" | "place" | "step" | "startedAt">;

export function stateOfRun(run: RunFacts | null): AgentState {
  if (!run) return { word: "idle", place: null, step: null, since: null };
  const word = WORD_OF[run.status];
  const working = word === "working";
  return {
    word,
    place: word === "waiting" ? run.place : null,
    step: working ? run.step : null,
    since: working ? run.startedAt : null,
  };
}

/** Is there more to come of a run in this status without anybody doing anything? */
export function isInFlight(status: RunStatus): boolean {
  return status === "queued" || status === "running";
}

export type EndStatus = "succeeded" | "failed" | "cancelled";

export function hasEnded(status: RunStatus): status is EndStatus {
  return status === "succeeded" || status === "failed" || status === "cancelled";
}

/** Events are ahead of the list by a look: whichever has seen more speaks. */
export function statusNow(run: Pick<Run, "status" | "lastSeq">, view: RunView): RunStatus {
  return view.status !== null && view.lastSeq >= run.lastSeq ? view.status : run.status;
}
