import { type LibrarySources, withMistake } from "./library.ts";

const MERGE_JS = `// Joining intervals.

import { check‹, type Interval› } from "./interval.js";

/** The intervals in order, joined where they overlap or touch. Throws RangeError. */
export function merge(intervals‹: Interval[]›) {
  const sorted = intervals.map(check).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const merged‹: Interval[]› = [];
  for (const [start, end] of sorted) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}
`;

export const intervalsJavascript = (): LibrarySources => ({
  modules: [
    {
      name: "interval",
      needs: ["messages"],
      content: `// One interval: a pair of start and end, the start not after the end.

import { say } from "./messages.js";
‹
export type Interval = [start: number, end: number];
›
/** The interval as a new pair. Throws RangeError when it is none. */
export function check(interval‹: unknown›)‹: Interval› {
  if (!Array.isArray(interval) || interval.length !== 2 || interval.some((one) => typeof one !== "number")) {
    throw new RangeError(say("not_a_pair", { value: JSON.stringify(interval) }));
  }
  const [start, end] = interval;
  // "not <=" refuses NaN too, which compares false with everything.
  if (!(start <= end)) throw new RangeError(say("backwards", { start, end }));
  return [start, end];
}
`,
    },
    {
      name: "merge",
      needs: ["interval"],
      content: MERGE_JS,
      mistaken: withMistake(MERGE_JS, "Math.max(last[1], end)", "end"),
    },
    {
      name: "gaps",
      needs: ["interval", "merge"],
      content: `// Free room and covered length.

import { check‹, type Interval› } from "./interval.js";
import { merge } from "./merge.js";

/** The length that at least one interval covers. */
export function covered(intervals‹: Interval[]›) {
  return merge(intervals).reduce((sum, [start, end]) => sum + end - start, 0);
}

/** The parts of \`within\` that no interval covers, in order. */
export function gaps(intervals‹: Interval[]›, within‹: Interval›) {
  const [begin, end] = check(within);
  let start = begin;
  const free‹: Interval[]› = [];
  for (const [busyStart, busyEnd] of merge(intervals)) {
    const until = Math.min(busyStart, end);
    if (start < until) free.push([start, until]);
    start = Math.max(start, busyEnd);
  }
  if (start < end) free.push([start, end]);
  return free;
}
`,
    },
  ],
  exports: { gaps: ["covered", "gaps"], merge: ["merge"] },
  example: `import { gaps, merge } from "./src/PACKAGE/index.js";

merge([[9, 11], [10, 12], [14, 15]]); // [[9, 12], [14, 15]]
gaps([[9, 11], [14, 15]], [8, 18]); // [[8, 9], [11, 14], [15, 18]]`,
  tests: `import assert from "node:assert/strict";
import { test } from "node:test";
import { covered, gaps, merge } from "../src/PACKAGE/index.js";

test("overlapping intervals are joined", () => assert.deepEqual(merge([[9, 11], [10, 12]]), [[9, 12]]));

test("touching intervals are joined", () => assert.deepEqual(merge([[1, 2], [2, 3]]), [[1, 3]]));

test("an interval inside another changes nothing", () => assert.deepEqual(merge([[1, 10], [2, 3]]), [[1, 10]]));

test("the order does not matter", () => {
  assert.deepEqual(merge([[8, 9], [1, 2], [4, 5]]), [[1, 2], [4, 5], [8, 9]]);
});

test("the given list stays as it is", () => {
  const given‹: [number, number][]› = [[1, 5], [2, 9]];
  merge(given);
  assert.deepEqual(given, [[1, 5], [2, 9]]);
});

test("what is no interval is refused", () => {
  for (const wrong of [[2, 1], [1], [1, 2, 3], 5, ["1", "2"], [Number.NaN, 1]]‹ as never[]›) {
    assert.throws(() => merge([wrong]), RangeError);
  }
});

test("covered length counts overlaps once", () => assert.equal(covered([[0, 10], [2, 3], [8, 12]]), 12));

test("gaps around and between", () => {
  assert.deepEqual(gaps([[9, 11], [14, 15]], [8, 18]), [[8, 9], [11, 14], [15, 18]]);
});

test("intervals beyond the borders are cut", () => assert.deepEqual(gaps([[0, 9], [17, 30]], [8, 18]), [[9, 17]]));
EMPTY_TEST`,
  emptyTest: `
test("nothing covers nothing", () => {
  assert.deepEqual([merge([]), covered([])], [[], 0]);
  assert.deepEqual(gaps([], [1, 2]), [[1, 2]]);
});
`,
});
