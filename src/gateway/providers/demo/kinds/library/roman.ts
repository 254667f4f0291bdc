import { type LibrarySources, library, withMistake } from "./library.ts";

const PURPOSE = {
  symbols: { en: "the symbols and their values", ko: "기호와 값", ja: "記号と値" },
  encode: { en: "from numbers to numerals", ko: "숫자에서 로마 숫자로", ja: "数からローマ数字へ" },
  decode: { en: "from numerals to numbers", ko: "로마 숫자에서 숫자로", ja: "ローマ数字から数へ" },
};

const SYMBOLS = `"""The symbols, largest first; pairs like IV are symbols of their own."""

LARGEST = 3999

SYMBOLS = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
`;

const python = (): LibrarySources => ({
  modules: [
    {
      name: "symbols",
      purpose: PURPOSE.symbols,
      needs: [],
      content: SYMBOLS,
      mistaken: withMistake(SYMBOLS, '    (4, "IV"),\n', ""),
    },
    {
      name: "encode",
      purpose: PURPOSE.encode,
      needs: ["symbols", "messages"],
      content: `"""From numbers to Roman numerals."""

from .messages import say
from .symbols import LARGEST, SYMBOLS


def to_roman(number):
    """The numeral of a whole number from 1 to 3999. Raises TypeError or ValueError."""
    if not isinstance(number, int) or isinstance(number, bool):
        raise TypeError(say("not_whole", value=number))
    if not 1 <= number <= LARGEST:
        raise ValueError(say("out_of_range", value=number, largest=LARGEST))
    numeral = ""
    for value, symbol in SYMBOLS:
        times, number = divmod(number, value)
        numeral += symbol * times
    return numeral
`,
    },
    {
      name: "decode",
      purpose: PURPOSE.decode,
      needs: ["encode", "symbols", "messages"],
      content: `"""From Roman numerals to numbers."""

from .encode import to_roman
from .messages import say
from .symbols import LARGEST, SYMBOLS


def from_roman(numeral):
    """The number of a numeral in any case. Raises ValueError unless it is written the usual way."""
    text = numeral.strip().upper()
    number, rest = 0, text
    for value, symbol in SYMBOLS:
        while rest.startswith(symbol):
            number += value
            rest = rest[len(symbol):]
    # Writing it again refuses IIII, IC and the like.
    if rest or not 1 <= number <= LARGEST or to_roman(number) != text:
        raise ValueError(say("not_numeral", value=numeral))
    return number
`,
    },
  ],
  exports: { decode: ["from_roman"], encode: ["to_roman"] },
  example: `from PACKAGE import from_roman, to_roman

to_roman(2024)       # "MMXXIV"
from_roman("MCMXCIX")  # 1999`,
  tests: `import unittest

from PACKAGE import from_roman, to_roman


class RomanTest(unittest.TestCase):
    def test_single_symbols(self):
        for number, numeral in ((1, "I"), (5, "V"), (10, "X"), (50, "L"), (100, "C"), (500, "D"), (1000, "M")):
            with self.subTest(number=number):
                self.assertEqual(to_roman(number), numeral)

    def test_four_and_nine_are_written_as_subtractions(self):
        self.assertEqual([to_roman(number) for number in (4, 9, 40, 90, 400, 900)], ["IV", "IX", "XL", "XC", "CD", "CM"])

    def test_known_years(self):
        self.assertEqual(to_roman(1999), "MCMXCIX")
        self.assertEqual(to_roman(2024), "MMXXIV")

    def test_every_number_comes_back(self):
        for number in range(1, 4000):
            self.assertEqual(from_roman(to_roman(number)), number)

    def test_any_case_and_spaces_around_are_fine(self):
        self.assertEqual(from_roman(" mcmxcix "), 1999)

    def test_what_cannot_be_written_is_refused(self):
        for number in (0, -1, 4000):
            with self.subTest(number=number), self.assertRaises(ValueError):
                to_roman(number)
        with self.assertRaises(TypeError):
            to_roman(1.5)

    def test_what_is_no_numeral_is_refused(self):
        for numeral in ("IIII", "IC", "VV", "ABC", "XIVI"):
            with self.subTest(numeral=numeral), self.assertRaises(ValueError):
                from_roman(numeral)
EMPTY_TEST

if __name__ == "__main__":
    unittest.main()
`,
  emptyTest: `
    def test_empty_text_is_refused(self):
        for numeral in ("", "   "):
            with self.assertRaises(ValueError):
                from_roman(numeral)
`,
});

const SYMBOLS_JS = `// The symbols, largest first; pairs like IV are symbols of their own.

export const LARGEST = 3999;

export const SYMBOLS = [
  [1000, "M"],
  [900, "CM"],
  [500, "D"],
  [400, "CD"],
  [100, "C"],
  [90, "XC"],
  [50, "L"],
  [40, "XL"],
  [10, "X"],
  [9, "IX"],
  [5, "V"],
  [4, "IV"],
  [1, "I"],
];
`;

const javascript = (): LibrarySources => ({
  modules: [
    {
      name: "symbols",
      purpose: PURPOSE.symbols,
      needs: [],
      content: SYMBOLS_JS,
      mistaken: withMistake(SYMBOLS_JS, '  [4, "IV"],\n', ""),
    },
    {
      name: "encode",
      purpose: PURPOSE.encode,
      needs: ["symbols", "messages"],
      content: `// From numbers to Roman numerals.

import { say } from "./messages.js";
import { LARGEST, SYMBOLS } from "./symbols.js";

/** The numeral of a whole number from 1 to 3999. Throws TypeError or RangeError. */
export function toRoman(number) {
  if (!Number.isInteger(number)) throw new TypeError(say("not_whole", { value: number }));
  if (number < 1 || number > LARGEST) {
    throw new RangeError(say("out_of_range", { value: number, largest: LARGEST }));
  }
  let numeral = "";
  let rest = number;
  for (const [value, symbol] of SYMBOLS) {
    numeral += symbol.repeat(Math.floor(rest / value));
    rest %= value;
  }
  return numeral;
}
`,
    },
    {
      name: "decode",
      purpose: PURPOSE.decode,
      needs: ["encode", "symbols", "messages"],
      content: `// From Roman numerals to numbers.

import { toRoman } from "./encode.js";
import { say } from "./messages.js";
import { LARGEST, SYMBOLS } from "./symbols.js";

/** The number of a numeral in any case. Throws RangeError unless it is written the usual way. */
export function fromRoman(numeral) {
  const text = numeral.trim().toUpperCase();
  let number = 0;
  let rest = text;
  for (const [value, symbol] of SYMBOLS) {
    while (rest.startsWith(symbol)) {
      number += value;
      rest = rest.slice(symbol.length);
    }
  }
  // Writing it again refuses IIII, IC and the like.
  if (rest !== "" || number < 1 || number > LARGEST || toRoman(number) !== text) {
    throw new RangeError(say("not_numeral", { value: numeral }));
  }
  return number;
}
`,
    },
  ],
  exports: { decode: ["fromRoman"], encode: ["toRoman"] },
  example: `import { fromRoman, toRoman } from "./src/PACKAGE/index.js";

toRoman(2024); // "MMXXIV"
fromRoman("MCMXCIX"); // 1999`,
  tests: `import assert from "node:assert/strict";
import { test } from "node:test";
import { fromRoman, toRoman } from "../src/PACKAGE/index.js";

test("single symbols", () => {
  assert.deepEqual([1, 5, 10, 50, 100, 500, 1000].map(toRoman), ["I", "V", "X", "L", "C", "D", "M"]);
});

test("four and nine are written as subtractions", () => {
  assert.deepEqual([4, 9, 40, 90, 400, 900].map(toRoman), ["IV", "IX", "XL", "XC", "CD", "CM"]);
});

test("known years", () => {
  assert.equal(toRoman(1999), "MCMXCIX");
  assert.equal(toRoman(2024), "MMXXIV");
});

test("every number comes back", () => {
  for (let number = 1; number < 4000; number += 1) assert.equal(fromRoman(toRoman(number)), number);
});

test("any case and spaces around are fine", () => assert.equal(fromRoman(" mcmxcix "), 1999));

test("what cannot be written is refused", () => {
  for (const number of [0, -1, 4000]) assert.throws(() => toRoman(number), RangeError);
  assert.throws(() => toRoman(1.5), TypeError);
});

test("what is no numeral is refused", () => {
  for (const numeral of ["IIII", "IC", "VV", "ABC", "XIVI"]) assert.throws(() => fromRoman(numeral), RangeError);
});
EMPTY_TEST`,
  emptyTest: `
test("empty text is refused", () => {
  for (const numeral of ["", "   "]) assert.throws(() => fromRoman(numeral), RangeError);
});
`,
});

export const ROMAN = library({
  id: "roman",
  defaultName: "roman",
  words: /\broman\b|로마|ローマ/i,
  phrases: /roman numerals?|로마\s?숫자|ローマ数字/i,
  label: { en: "Roman numerals", ko: "로마 숫자", ja: "ローマ数字" },
  about: {
    en: "Turns whole numbers into Roman numerals and back.",
    ko: "정수를 로마 숫자로, 로마 숫자를 정수로 바꿉니다.",
    ja: "整数をローマ数字に、ローマ数字を整数に変換します。",
  },
  messages: {
    not_whole: {
      en: "{value} is not a whole number.",
      ko: "{value}은(는) 정수가 아닙니다.",
      ja: "{value} は整数ではありません。",
    },
    out_of_range: {
      en: "{value} is not between 1 and {largest}.",
      ko: "{value}은(는) 1과 {largest} 사이의 수가 아닙니다.",
      ja: "{value} は 1 から {largest} までの数ではありません。",
    },
    not_numeral: {
      en: "“{value}” is not a Roman numeral.",
      ko: "“{value}”은(는) 로마 숫자가 아닙니다.",
      ja: "「{value}」はローマ数字ではありません。",
    },
  },
  lesson: {
    en: "The table of symbols lacked the pair IV, so 4 came out as IIII. The pair is there now.",
    ko: "기호 표에 IV가 빠져 있어 4가 IIII로 나왔습니다. IV를 추가했습니다.",
    ja: "記号の表に IV がなく、4 が IIII になっていました。IV を加えました。",
  },
  sources: { python, javascript },
});
