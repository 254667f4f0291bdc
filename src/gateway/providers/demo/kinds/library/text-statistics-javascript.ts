import type { Design } from "../../design.ts";
import { quote } from "../write-source.ts";
import { type LibrarySources, withMistake } from "./library.ts";
import { sampleOf } from "./text-sample.ts";

const STATISTICS_JS = `// The figures of a text.

import { say } from "./messages.js";
import { sentences, words } from "./split.js";

/** Up to \`limit\` pairs of word and number; upper and lower case are the same word. */
export function mostCommon(text‹: string›, limit = 3) {
  const numbers = new Map‹<string, number>›();
  for (const word of words(text).map((one) => one.toLowerCase())) {
    numbers.set(word, (numbers.get(word) ?? 0) + 1);
  }
  return [...numbers].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, limit);
}

/** Minutes to read the text, rounded up. Throws RangeError for a speed that is not above zero. */
export function readingMinutes(text‹: string›, wordsAMinute = 200) {
  if (!(wordsAMinute > 0)) throw new RangeError(say("no_speed"));
  return Math.ceil(words(text).length / wordsAMinute);
}

/** Words, sentences, different words and the mean length of a word (0 without words). */
export function statistics(text‹: string›) {
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

export const textStatisticsJavascript = (design: Design): LibrarySources => ({
  modules: [
    {
      name: "split",
      needs: [],
      content: `// Words and sentences, whatever the script.

const WORD = /[\\p{L}\\p{N}\\p{M}]+(?:['’-][\\p{L}\\p{N}\\p{M}]+)*/gu;
const SENTENCE_END = /[.!?。！？]+(?:\\s+|$)|(?<=[。！？])/u;

/** The words as they are written. */
export function words(text‹: string›)‹: string[]› {
  return text.match(WORD) ?? [];
}

/** The parts between full stops that hold at least one word. */
export function sentences(text‹: string›) {
  return text
    .split(SENTENCE_END)
    .map((part) => part.trim())
    .filter((part) => words(part).length > 0);
}
`,
    },
    {
      name: "statistics",
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
