import { type LibrarySources, library, withMistake } from "./library.ts";

const PURPOSE = {
  interval: { en: "checks one interval", ko: "구간 하나의 검사", ja: "区間ひとつの検査" },
  merge: {
    en: "joins intervals that overlap or touch",
    ko: "겹치거나 맞닿은 구간 합치기",
    ja: "重なる・接する区間をまとめる",
  },
  gaps: { en: "free room and covered length", ko: "빈 구간과 덮인 길이", ja: "空きと覆われた長さ" },
};

const MERGE = `"""Joining intervals."""

from .interval import check


def merge(intervals):
    """The intervals in order, joined where they overlap or touch. Raises ValueError."""
    merged = []
    for start, end in sorted(check(one) for one in intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
`;

const python = (): LibrarySources => ({
  modules: [
    {
      name: "interval",
      purpose: PURPOSE.interval,
      needs: ["messages"],
      content: `"""One interval: a pair of start and end, the start not after the end."""

from .messages import say


def check(interval):
    """The interval as a pair. Raises ValueError when it is none."""
    try:
        start, end = interval
    except (TypeError, ValueError):
        raise ValueError(say("not_a_pair", value=interval)) from None
    # "not <=" refuses NaN too, which compares false with everything.
    if not start <= end:
        raise ValueError(say("backwards", start=start, end=end))
    return (start, end)
`,
    },
    {
      name: "merge",
      purpose: PURPOSE.merge,
      needs: ["interval"],
      content: MERGE,
      mistaken: withMistake(MERGE, "max(merged[-1][1], end)", "end"),
    },
    {
      name: "gaps",
      purpose: PURPOSE.gaps,
      needs: ["interval", "merge"],
      content: `"""Free room and covered length."""

from .interval import check
from .merge import merge


def covered(intervals):
    """The length that at least one interval covers."""
    return sum(end - start for start, end in merge(intervals))


def gaps(intervals, within):
    """The parts of \`within\` that no interval covers, in order."""
    start, end = check(within)
    free = []
    for busy_start, busy_end in merge(intervals):
        if start < min(busy_start, end):
            free.append((start, min(busy_start, end)))
        start = max(start, busy_end)
    if start < end:
        free.append((start, end))
    return free
`,
    },
  ],
  exports: { gaps: ["covered", "gaps"], merge: ["merge"] },
  example: `from PACKAGE import gaps, merge

merge([(9, 11), (10, 12), (14, 15)])            # [(9, 12), (14, 15)]
gaps([(9, 11), (14, 15)], within=(8, 18))  # [(8, 9), (11, 14), (15, 18)]`,
  tests: `import unittest

from PACKAGE import covered, gaps, merge


class MergeTest(unittest.TestCase):
    def test_overlapping_intervals_are_joined(self):
        self.assertEqual(merge([(9, 11), (10, 12)]), [(9, 12)])

    def test_touching_intervals_are_joined(self):
        self.assertEqual(merge([(1, 2), (2, 3)]), [(1, 3)])

    def test_an_interval_inside_another_changes_nothing(self):
        self.assertEqual(merge([(1, 10), (2, 3)]), [(1, 10)])

    def test_the_order_does_not_matter(self):
        self.assertEqual(merge([(8, 9), (1, 2), (4, 5)]), [(1, 2), (4, 5), (8, 9)])

    def test_the_given_list_stays_as_it_is(self):
        given = [(3, 4), (1, 2)]
        merge(given)
        self.assertEqual(given, [(3, 4), (1, 2)])

    def test_what_is_no_interval_is_refused(self):
        for wrong in ((2, 1), (1,), (1, 2, 3), 5, (float("nan"), 1)):
            with self.subTest(wrong=wrong), self.assertRaises(ValueError):
                merge([wrong])


class GapsTest(unittest.TestCase):
    def test_covered_length_counts_overlaps_once(self):
        self.assertEqual(covered([(0, 10), (2, 3), (8, 12)]), 12)

    def test_gaps_around_and_between(self):
        self.assertEqual(gaps([(9, 11), (14, 15)], (8, 18)), [(8, 9), (11, 14), (15, 18)])

    def test_intervals_beyond_the_borders_are_cut(self):
        self.assertEqual(gaps([(0, 9), (17, 30)], (8, 18)), [(9, 17)])
EMPTY_TEST

if __name__ == "__main__":
    unittest.main()
`,
  emptyTest: `
    def test_nothing_covers_nothing(self):
        self.assertEqual((merge([]), covered([])), ([], 0))
        self.assertEqual(gaps([], (1, 2)), [(1, 2)])
`,
});

const MERGE_JS = `// Joining intervals.

import { check } from "./interval.js";

/** The intervals in order, joined where they overlap or touch. Throws RangeError. */
export function merge(intervals) {
  const sorted = intervals.map(check).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const merged = [];
  for (const [start, end] of sorted) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}
`;

const javascript = (): LibrarySources => ({
  modules: [
    {
      name: "interval",
      purpose: PURPOSE.interval,
      needs: ["messages"],
      content: `// One interval: a pair of start and end, the start not after the end.

import { say } from "./messages.js";

/** The interval as a new pair. Throws RangeError when it is none. */
export function check(interval) {
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
      purpose: PURPOSE.merge,
      needs: ["interval"],
      content: MERGE_JS,
      mistaken: withMistake(MERGE_JS, "Math.max(last[1], end)", "end"),
    },
    {
      name: "gaps",
      purpose: PURPOSE.gaps,
      needs: ["interval", "merge"],
      content: `// Free room and covered length.

import { check } from "./interval.js";
import { merge } from "./merge.js";

/** The length that at least one interval covers. */
export function covered(intervals) {
  return merge(intervals).reduce((sum, [start, end]) => sum + end - start, 0);
}

/** The parts of \`within\` that no interval covers, in order. */
export function gaps(intervals, within) {
  const [begin, end] = check(within);
  let start = begin;
  const free = [];
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
  const given = [[1, 5], [2, 9]];
  merge(given);
  assert.deepEqual(given, [[1, 5], [2, 9]]);
});

test("what is no interval is refused", () => {
  for (const wrong of [[2, 1], [1], [1, 2, 3], 5, ["1", "2"], [Number.NaN, 1]]) {
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

export const INTERVALS = library({
  id: "intervals",
  defaultName: "intervals",
  words: /\bintervals?\b|\boverlap|\bfree slots?\b|구간|겹치|区間|重な/i,
  phrases:
    /interval[- ]?merg|merg(e|ing) (overlapping )?(intervals|ranges)|구간\s?(병합|합치)|区間の?(結合|マージ|統合)/i,
  label: { en: "intervals", ko: "구간 다루기", ja: "区間の計算" },
  about: {
    en: "Merges intervals, finds the gaps between them and measures what they cover.",
    ko: "구간을 합치고, 빈 구간을 찾고, 덮인 길이를 잽니다.",
    ja: "区間をまとめ、すき間を見つけ、覆われた長さを測ります。",
  },
  messages: {
    not_a_pair: {
      en: "{value} is not a pair of start and end.",
      ko: "{value}은(는) 시작과 끝의 쌍이 아닙니다.",
      ja: "{value} は開始と終了の組ではありません。",
    },
    backwards: {
      en: "The start {start} is after the end {end}.",
      ko: "시작 {start}이(가) 끝 {end}보다 뒤에 있습니다.",
      ja: "開始 {start} が終了 {end} より後です。",
    },
  },
  lesson: {
    en: "When intervals were joined, the end of the later one always won, so one inside another cut it short. The larger end is kept now.",
    ko: "구간을 합칠 때 항상 나중 구간의 끝을 써서, 안에 든 구간이 바깥 구간을 잘라 버렸습니다. 이제 더 큰 끝을 씁니다.",
    ja: "区間をまとめるとき必ず後の区間の終わりを使い、内側の区間が外側を短くしていました。大きいほうの終わりを残すようにしました。",
  },
  sources: { python, javascript },
});
