import { type LibrarySources, withMistake } from "./library.ts";

const SCALES_JS = `// Conversion between the scales "c", "f" and "k".

import { checkCelsius, checkNumber } from "./limits.js";
import { say } from "./messages.js";

const TO_CELSIUS‹: Record<string, (value: number) => number>› = {
  c: (value) => value,
  f: (value) => ((value - 32) * 5) / 9,
  k: (value) => value - 273.15,
};
const FROM_CELSIUS‹: Record<string, (value: number) => number>› = {
  c: (value) => value,
  f: (value) => (value * 9) / 5 + 32,
  k: (value) => value + 273.15,
};

/** \`value\` on the scale \`source\` as a value on the scale \`target\`. Throws TypeError or RangeError. */
export function convert(value‹: number›, source‹: string›, target‹: string›) {
  for (const scale of [source, target]) {
    if (!Object.hasOwn(TO_CELSIUS, scale)) throw new RangeError(say("unknown_scale", { scale }));
  }
  const celsius = checkCelsius(TO_CELSIUS[source](checkNumber(value)));
  return FROM_CELSIUS[target](celsius);
}
`;

export const temperatureJavascript = (): LibrarySources => ({
  modules: [
    {
      name: "limits",
      needs: ["messages"],
      content: `// What a temperature can be.

import { say } from "./messages.js";

const ABSOLUTE_ZERO = -273.15;
// Conversions round in the last digits; absolute zero itself must pass.
const TOLERANCE = 1e-9;

export function checkNumber(value‹: number›) {
  if (!Number.isFinite(value)) throw new TypeError(say("not_number", { value }));
  return value;
}

export function checkCelsius(value‹: number›) {
  if (value < ABSOLUTE_ZERO - TOLERANCE) throw new RangeError(say("too_cold"));
  return value;
}
`,
    },
    {
      name: "scales",
      needs: ["limits", "messages"],
      content: SCALES_JS,
      mistaken: withMistake(SCALES_JS, "((value - 32) * 5) / 9", "value - (32 * 5) / 9"),
    },
    {
      name: "series",
      needs: ["scales", "messages"],
      content: `// Series of readings.

import { say } from "./messages.js";
import { convert } from "./scales.js";

/** Every value converted and rounded to \`digits\`. */
export function convertSeries(values‹: number[]›, source‹: string›, target‹: string›, digits = 1) {
  return values.map((value) => Number(convert(value, source, target).toFixed(digits)));
}

/** The mean of at least one value. Throws RangeError for none. */
export function mean(values‹: number[]›) {
  if (values.length === 0) throw new RangeError(say("no_values"));
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
`,
    },
  ],
  exports: { scales: ["convert"], series: ["convertSeries", "mean"] },
  example: `import { convert, convertSeries } from "./src/PACKAGE/index.js";

convert(98.6, "f", "c"); // 37
convertSeries([0, 21.5, 100], "c", "f"); // [32, 70.7, 212]`,
  tests: `import assert from "node:assert/strict";
import { test } from "node:test";
import { convert, convertSeries, mean } from "../src/PACKAGE/index.js";

const near = (actual‹: number›, expected‹: number›) => assert.ok(Math.abs(actual - expected) < 1e-6, \`\${actual} is not \${expected}\`);

test("water freezes and boils", () => {
  near(convert(0, "c", "f"), 32);
  near(convert(212, "f", "c"), 100);
});

test("Fahrenheit and Celsius meet at minus forty", () => {
  near(convert(-40, "f", "c"), -40);
  near(convert(-40, "c", "f"), -40);
});

test("Kelvin starts at absolute zero", () => near(convert(0, "k", "c"), -273.15));

test("there and back is the same", () => {
  for (const source of "cfk") {
    for (const target of "cfk") near(convert(convert(300, source, target), target, source), 300);
  }
});

test("colder than absolute zero is refused", () => {
  for (const [value, scale] of [[-273.16, "c"], [-460, "f"], [-1, "k"]]‹ as [number, string][]›) {
    assert.throws(() => convert(value, scale, "c"), RangeError);
  }
});

test("what is no number is refused", () => {
  for (const value of ["20", null, true, Number.NaN, Infinity]‹ as number[]›) {
    assert.throws(() => convert(value, "c", "f"), TypeError);
  }
});

test("an unknown scale is refused", () => {
  for (const scale of ["x", "toString"]) assert.throws(() => convert(20, "c", scale), RangeError);
});

test("a series is converted and rounded", () => {
  assert.deepEqual(convertSeries([0, 21.5, 100], "c", "f"), [32, 70.7, 212]);
});

test("the mean", () => near(mean([10, 20, 60]), 30));
EMPTY_TEST`,
  emptyTest: `
test("an empty series has no mean", () => {
  assert.deepEqual(convertSeries([], "c", "f"), []);
  assert.throws(() => mean([]), RangeError);
});
`,
});
