import type { Design } from "../../design.ts";
import { quote } from "../write-source.ts";
import { type LibrarySources, withMistake } from "./library.ts";
import { sampleOf } from "./text-sample.ts";

const STATISTICS = `"""The figures of a text."""

import math
from collections import Counter

from .messages import say
from .split import sentences, words


def most_common(text, limit=3):
    """Up to \`limit\` pairs of word and number; upper and lower case are the same word."""
    pairs = Counter(word.lower() for word in words(text)).items()
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:limit]


def reading_minutes(text, words_a_minute=200):
    """Minutes to read the text, rounded up. Raises ValueError for a speed that is not above zero."""
    if words_a_minute <= 0:
        raise ValueError(say("no_speed"))
    return math.ceil(len(words(text)) / words_a_minute)


def statistics(text):
    """Words, sentences, different words and the mean length of a word (0 without words)."""
    found = words(text)
    return {
        "words": len(found),
        "sentences": len(sentences(text)),
        "different": len({word.lower() for word in found}),
        "mean_length": sum(map(len, found)) / len(found) if found else 0,
    }
`;

export const textStatisticsPython = (design: Design): LibrarySources => ({
  modules: [
    {
      name: "split",
      needs: [],
      content: `"""Words and sentences, whatever the script."""

import re

WORD = re.compile(r"[^\\W_]+(?:['’-][^\\W_]+)*")
SENTENCE_END = re.compile(r"[.!?。！？]+(?:\\s+|$)|(?<=[。！？])")


def words(text):
    """The words as they are written."""
    return WORD.findall(text)


def sentences(text):
    """The parts between full stops that hold at least one word."""
    return [part.strip() for part in SENTENCE_END.split(text) if WORD.search(part)]
`,
    },
    {
      name: "statistics",
      needs: ["split", "messages"],
      content: STATISTICS,
      mistaken: withMistake(
        STATISTICS,
        "Counter(word.lower() for word in words(text))",
        "Counter(words(text))",
      ),
    },
  ],
  exports: {
    split: ["sentences", "words"],
    statistics: ["most_common", "reading_minutes", "statistics"],
  },
  example: `from PACKAGE import most_common, statistics

text = ${quote(sampleOf(design))}
statistics(text)
most_common(text, 3)`,
  tests: `import unittest

from PACKAGE import most_common, reading_minutes, sentences, statistics, words

SAMPLE = ${quote(sampleOf(design))}


class SplitTest(unittest.TestCase):
    def test_punctuation_is_no_part_of_a_word(self):
        self.assertEqual(words("Stop, don't go!"), ["Stop", "don't", "go"])

    def test_words_of_other_scripts(self):
        self.assertEqual(words("안녕 세계 🎉"), ["안녕", "세계"])

    def test_sentences_end_in_any_script(self):
        self.assertEqual(sentences("One. Two! Three?"), ["One", "Two", "Three"])
        self.assertEqual(len(sentences("今日は晴れ。明日は雨。")), 2)

    def test_a_point_inside_a_number_ends_nothing(self):
        self.assertEqual(len(sentences("It costs 2.50 today.")), 1)


class StatisticsTest(unittest.TestCase):
    def test_case_does_not_make_another_word(self):
        self.assertEqual(most_common("Tea tea TEA milk", 1), [("tea", 3)])

    def test_ties_are_in_the_order_of_the_alphabet(self):
        self.assertEqual(most_common("b a", 2), [("a", 1), ("b", 1)])

    def test_the_figures_of_a_text(self):
        self.assertEqual(
            statistics("Go on. Go on!"),
            {"words": 4, "sentences": 2, "different": 2, "mean_length": 2},
        )

    def test_the_sample_has_words(self):
        self.assertGreater(statistics(SAMPLE)["words"], 0)

    def test_reading_time_is_rounded_up(self):
        self.assertEqual(reading_minutes("word " * 201), 2)
        with self.assertRaises(ValueError):
            reading_minutes("word", 0)
EMPTY_TEST

if __name__ == "__main__":
    unittest.main()
`,
  emptyTest: `
    def test_an_empty_text_has_figures_too(self):
        self.assertEqual(statistics(""), {"words": 0, "sentences": 0, "different": 0, "mean_length": 0})
        self.assertEqual((most_common(""), reading_minutes("")), ([], 0))
`,
});
