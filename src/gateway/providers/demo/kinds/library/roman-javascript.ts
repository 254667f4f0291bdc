import { type LibrarySources, withMistake } from "./library.ts";

const SYMBOLS_JS = `// The symbols, largest first; pairs like IV are symbols of their own.

export const LARGEST = 3999;

export const SYMBOLS‹: [value: number, symbol: string][]› = [
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

export const romanJavascript = (): LibrarySources => ({
  modules: [
    {
      name: "symbols",
      needs: [],
      content: SYMBOLS_JS,
      mistaken: withMistake(SYMBOLS_JS, '  [4, "IV"],\n', ""),
    },
    {
      name: "encode",
      needs: ["symbols", "messages"],
      content: `// From numbers to Roman numerals.

import { say } from "./messages.js";
import { LARGEST, SYMBOLS } from "./symbols.js";

/** The numeral of a whole number from 1 to 3999. Throws TypeError or RangeError. */
export function toRoman(number‹: number›) {
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
      needs: ["encode", "symbols", "messages"],
      content: `// From Roman numerals to numbers.

import { toRoman } from "./encode.js";
import { say } from "./messages.js";
import { LARGEST, SYMBOLS } from "./symbols.js";

/** The number of a numeral in any case. Throws RangeError unless it is written the usual way. */
export function fromRoman(numeral‹: string›) {
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
