import { expect, test } from "vitest";
import type { RunEvent } from "#events/vocabulary.ts";
import { foldEvents } from "#runs/ui/fold-events.ts";
import { lastFindings } from "#runs/ui/last-findings.ts";
import { EMPTY_RUN } from "#runs/ui/run-view.ts";

const found = (step: string, severity: "info" | "warning" | "error", message: string) =>
  ({ type: "finding", step, tool: "eslint", severity, message }) as const;
const begun = (key: string) => ({ type: "step", key, title: key, status: "running", attempt: 1 }) as const;

function viewOf(parts: object[]) {
  const base = { runId: "1", at: "2026-01-01T00:00:00.000Z" };
  return foldEvents(
    EMPTY_RUN,
    parts.map((part, index) => ({ ...base, seq: index + 1, ...part }) as RunEvent),
  );
}

test("of a run that was repaired only what the last check found is left, the worst first", () => {
  const view = viewOf([
    begun("r1/format:1"),
    found("r1/format:1", "info", "not run: prettier"),
    begun("r1/check:1"),
    found("r1/check:1", "error", "mended since"),
    begun("r1/repair:1"),
    begun("r1/check:2"),
    found("r1/check:2", "info", "not run: clamscan"),
    found("r1/check:2", "error", "is there still"),
  ]);
  expect(lastFindings(view).map(({ message }) => message)).toEqual([
    "is there still",
    "not run: prettier",
    "not run: clamscan",
  ]);
});

test("a further round begins anew", () => {
  const view = viewOf([
    begun("r1/format:1"),
    found("r1/format:1", "info", "of the round before"),
    begun("r2/check:1"),
  ]);
  expect(lastFindings(view)).toEqual([]);
});

test("without a check all is said", () => {
  expect(lastFindings(viewOf([begun("r1/plan"), found("r1/plan", "info", "a note")])).length).toBe(1);
});
