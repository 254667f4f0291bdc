import type { Design } from "../../design.ts";
import { quote } from "../write-source.ts";
import { type LibrarySources, library, withMistake } from "./library.ts";

const PURPOSE = {
  split: { en: "words and sentences of a text", ko: "글의 낱말과 문장", ja: "文章の単語と文" },
  statistics: { en: "the figures of a text", ko: "글의 통계", ja: "文章の統計" },
};

/** The text of the examples: the request's own words when the library stands in for another program. */
const sampleOf = (design: Design) => design.subject || "The tea is hot. The tea is good!";

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

const python = (design: Design): LibrarySources => ({
  modules: [
    {
      name: "split",
      purpose: PURPOSE.split,
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
      purpose: PURPOSE.statistics,
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

const STATISTICS_JS = `// The figures of a text.

import { say } from "./messages.js";
import { sentences, words } from "./split.js";

/** Up to \`limit\` pairs of word and number; upper and lower case are the same word. */
export function mostCommon(text, limit = 3) {
  const numbers = new Map();
  for (const word of words(text).map((one) => one.toLowerCase())) {
    numbers.set(word, (numbers.get(word) ?? 0) + 1);
  }
  return [...numbers].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, limit);
}

/** Minutes to read the text, rounded up. Throws RangeError for a speed that is not above zero. */
export function readingMinutes(text, wordsAMinute = 200) {
  if (!(wordsAMinute > 0)) throw new RangeError(say("no_speed"));
  return Math.ceil(words(text).length / wordsAMinute);
}

/** Words, sentences, different words and the mean length of a word (0 without words). */
export function statistics(text) {
  const found = words(text);
  const letters = found.reduce((sum, word) => sum + [...word].length, 0);
  return {
    words: found.length,
    sentences: sentences(text).length,
    different: new Set(found.map((word) => word.toLowerCase())).size,
    meanLength: found.length > 0 ? letters / found.length : 0,
  };
}
`;

const javascript = (design: Design): LibrarySources => ({
  modules: [
    {
      name: "split",
      purpose: PURPOSE.split,
      needs: [],
      content: `// Words and sentences, whatever the script.

const WORD = /[\\p{L}\\p{N}\\p{M}]+(?:['’-][\\p{L}\\p{N}\\p{M}]+)*/gu;
const SENTENCE_END = /[.!?。！？]+(?:\\s+|$)|(?<=[。！？])/u;

/** The words as they are written. */
export function words(text) {
  return text.match(WORD) ?? [];
}

/** The parts between full stops that hold at least one word. */
export function sentences(text) {
  return text
    .split(SENTENCE_END)
    .map((part) => part.trim())
    .filter((part) => words(part).length > 0);
}
`,
    },
    {
      name: "statistics",
      purpose: PURPOSE.statistics,
      needs: ["split", "messages"],
      content: STATISTICS_JS,
      mistaken: withMistake(STATISTICS_JS, "words(text).map((one) => one.toLowerCase())", "words(text)"),
    },
  ],
  exports: { split: ["sentences", "words"], statistics: ["mostCommon", "readingMinutes", "statistics"] },
  example: `import { mostCommon, statistics } from "./src/PACKAGE/index.js";

const text = ${quote(sampleOf(design))};
statistics(text);
mostCommon(text, 3);`,
  tests: `import assert from "node:assert/strict";
import { test } from "node:test";
import { mostCommon, readingMinutes, sentences, statistics, words } from "../src/PACKAGE/index.js";

const SAMPLE = ${quote(sampleOf(design))};

test("punctuation is no part of a word", () => assert.deepEqual(words("Stop, don't go!"), ["Stop", "don't", "go"]));

test("words of other scripts", () => assert.deepEqual(words("안녕 세계 🎉"), ["안녕", "세계"]));

test("sentences end in any script", () => {
  assert.deepEqual(sentences("One. Two! Three?"), ["One", "Two", "Three"]);
  assert.equal(sentences("今日は晴れ。明日は雨。").length, 2);
});

test("a point inside a number ends nothing", () => assert.equal(sentences("It costs 2.50 today.").length, 1));

test("case does not make another word", () => assert.deepEqual(mostCommon("Tea tea TEA milk", 1), [["tea", 3]]));

test("ties are in the order of the alphabet", () => assert.deepEqual(mostCommon("b a", 2), [["a", 1], ["b", 1]]));

test("the figures of a text", () => {
  assert.deepEqual(statistics("Go on. Go on!"), { words: 4, sentences: 2, different: 2, meanLength: 2 });
});

test("the sample has words", () => assert.ok(statistics(SAMPLE).words > 0));

test("reading time is rounded up", () => {
  assert.equal(readingMinutes("word ".repeat(201)), 2);
  assert.throws(() => readingMinutes("word", 0), RangeError);
});
EMPTY_TEST`,
  emptyTest: `
test("an empty text has figures too", () => {
  assert.deepEqual(statistics(""), { words: 0, sentences: 0, different: 0, meanLength: 0 });
  assert.deepEqual([mostCommon(""), readingMinutes("")], [[], 0]);
});
`,
});

export const TEXT_STATISTICS = library({
  id: "textstatistics",
  defaultName: "text_statistics",
  words: /\btexts?\b|\bwords?\b|\bsentences?\b|\breadability|텍스트|문장|단어|낱말|文章|単語|テキスト/i,
  phrases: /text statistics|텍스트\s?통계|문장\s?통계|テキスト統計|文章の?統計/i,
  label: { en: "text statistics", ko: "텍스트 통계", ja: "テキスト統計" },
  about: {
    en: "Counts the words and sentences of a text, its most common words and the time to read it.",
    ko: "글의 낱말과 문장 수, 자주 나온 낱말, 읽는 데 걸리는 시간을 셉니다.",
    ja: "文章の単語数と文の数、よく出る単語、読むのにかかる時間を数えます。",
  },
  messages: {
    no_speed: {
      en: "The reading speed must be above zero.",
      ko: "읽는 속도는 0보다 커야 합니다.",
      ja: "読む速さは 0 より大きくなければなりません。",
    },
  },
  lesson: {
    en: "The most common words were counted as they are written, so “Tea” and “tea” were two words. They are counted in lower case now.",
    ko: "자주 나온 낱말을 쓰인 그대로 세어 “Tea”와 “tea”가 다른 낱말이 되었습니다. 이제 소문자로 바꾸어 셉니다.",
    ja: "よく出る単語を書かれたまま数えたため、「Tea」と「tea」が別の単語になっていました。小文字にして数えるようにしました。",
  },
  sources: { python, javascript },
});
