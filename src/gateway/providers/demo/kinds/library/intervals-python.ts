import { type LibrarySources, withMistake } from "./library.ts";

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

export const intervalsPython = (): LibrarySources => ({
  modules: [
    {
      name: "interval",
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
      needs: ["interval"],
      content: MERGE,
      mistaken: withMistake(MERGE, "max(merged[-1][1], end)", "end"),
    },
    {
      name: "gaps",
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
