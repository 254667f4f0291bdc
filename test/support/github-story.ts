import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** What GitHub tells of some pull requests, in the order in which it happened. */

export interface Told {
  event: string;
  payload: Record<string, unknown>;
}

export interface StoryPull {
  repositoryId: number;
  number: number;
  branch: string;
  /** how the story ends */
  state: "open" | "closed" | "merged";
  headSha: string;
}

interface Example {
  name: string;
  examples: Record<string, unknown>[];
}

const EXAMPLES = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve("@octokit/webhooks-examples"), "utf8"),
) as Example[];

export function examplesOf(event: string): Record<string, unknown>[] {
  return EXAMPLES.find(({ name }) => name === event)?.examples ?? [];
}

/** Always the same numbers for the same seed. */
export function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export function shuffled<T>(items: T[], roll: (below: number) => number): T[] {
  const left = [...items];
  for (let index = left.length - 1; index > 0; index -= 1) {
    const other = roll(index + 1);
    [left[index], left[other]] = [left[other] as T, left[index] as T];
  }
  return left;
}

/** So many events about these pull requests, made from GitHub's published examples. The pull requests are changed to how they end. */
export function tellStory(pulls: StoryPull[], count: number, roll: (below: number) => number): Told[] {
  let clock = Date.parse("2026-11-01T00:00:00Z");
  let nextId = 1_000;
  const comments = new Map<number, StoryPull>();
  const told: Told[] = [];
  while (told.length < count) {
    const pull = pulls[roll(pulls.length)] as StoryPull;
    clock += 1_000 * (1 + roll(4));
    const at = new Date(clock).toISOString();
    told.push(...happening(pull, at, roll, { comments, id: () => (nextId += 1) }));
  }
  return told.slice(0, count);
}

interface Kept {
  comments: Map<number, StoryPull>;
  id(): number;
}

function happening(pull: StoryPull, at: string, roll: (below: number) => number, kept: Kept): Told[] {
  switch (roll(6)) {
    case 0:
      return [changed(pull, at, roll)];
    case 1:
      return [review(pull, at, roll, kept.id())];
    case 2:
      return [comment(pull, at, roll, kept)];
    case 3:
      return [check("check_run", pull, at, roll, kept.id())];
    case 4:
      return [check("check_suite", pull, at, roll, kept.id())];
    default:
      return [
        {
          event: "push",
          payload: like("push", { ref: `refs/heads/${pull.branch}`, repository: { id: pull.repositoryId } }),
        },
      ];
  }
}

function changed(pull: StoryPull, at: string, roll: (below: number) => number): Told {
  const next =
    pull.state === "open"
      ? ["synchronize", "edited", "closed"][roll(3)]
      : pull.state === "closed"
        ? "reopened"
        : "edited";
  if (next === "synchronize") pull.headSha = sha(roll);
  if (next === "closed") pull.state = roll(3) === 0 ? "merged" : "closed";
  if (next === "reopened") pull.state = "open";
  const payload = like("pull_request", {
    action: next,
    repository: { id: pull.repositoryId },
    pull_request: {
      number: pull.number,
      state: pull.state === "open" ? "open" : "closed",
      merged: pull.state === "merged",
      merged_at: pull.state === "merged" ? at : null,
      updated_at: at,
      head: { ref: pull.branch, sha: pull.headSha },
      base: { ref: "main" },
    },
  });
  return { event: "pull_request", payload };
}

function review(pull: StoryPull, at: string, roll: (below: number) => number, id: number): Told {
  const payload = like("pull_request_review", {
    action: "submitted",
    repository: { id: pull.repositoryId },
    pull_request: { number: pull.number, head: { ref: pull.branch, sha: pull.headSha } },
    review: {
      id,
      state: ["approved", "commented", "changes_requested"][roll(3)],
      body: ["Fine.", "@carrel please rename it", null][roll(3)],
      submitted_at: at,
      author_association: ["OWNER", "NONE"][roll(2)],
      commit_id: pull.headSha,
    },
  });
  return { event: "pull_request_review", payload };
}

function comment(pull: StoryPull, at: string, roll: (below: number) => number, { comments, id }: Kept): Told {
  const known = [...comments].find(([, one]) => one === pull);
  const action = known ? (["edited", "deleted", "created"][roll(3)] as string) : "created";
  const number = action === "created" || !known ? id() : known[0];
  if (action === "deleted") comments.delete(number);
  else comments.set(number, pull);
  const payload = like("pull_request_review_comment", {
    action,
    repository: { id: pull.repositoryId },
    pull_request: { number: pull.number, head: { ref: pull.branch, sha: pull.headSha } },
    comment: {
      id: number,
      body: `${["@carrel", "somebody", "@desk-one"][roll(3)]} look at this, ${at}`,
      updated_at: at,
      commit_id: pull.headSha,
      author_association: ["MEMBER", "CONTRIBUTOR"][roll(2)],
    },
  });
  return { event: "pull_request_review_comment", payload };
}

function check(
  event: "check_run" | "check_suite",
  pull: StoryPull,
  at: string,
  roll: (below: number) => number,
  id: number,
): Told {
  const done = roll(3) > 0;
  const facts = {
    // Sometimes one that was told before: its later state.
    id: id - (id % 3),
    head_sha: pull.headSha,
    status: done ? "completed" : "in_progress",
    conclusion: done ? ["success", "failure", "timed_out"][roll(3)] : null,
  };
  const more =
    event === "check_run"
      ? { started_at: at, completed_at: done ? at : null, check_suite: { head_branch: pull.branch } }
      : { updated_at: at, head_branch: pull.branch };
  return {
    event,
    payload: like(event, { repository: { id: pull.repositoryId }, [event]: { ...facts, ...more } }),
  };
}

/** A published example with some of its fields changed. */
function like(event: string, changes: Record<string, unknown>): Record<string, unknown> {
  const [example = {}] = examplesOf(event);
  return merged(structuredClone(example), changes);
}

function merged(into: Record<string, unknown>, changes: Record<string, unknown>): Record<string, unknown> {
  for (const [key, value] of Object.entries(changes)) {
    const there = into[key];
    const isNested = (one: unknown): one is Record<string, unknown> =>
      typeof one === "object" && one !== null && !Array.isArray(one);
    into[key] = isNested(value) && isNested(there) ? merged(there, value) : value;
  }
  return into;
}

function sha(roll: (below: number) => number): string {
  return Array.from({ length: 40 }, () => "0123456789abcdef"[roll(16)]).join("");
}
