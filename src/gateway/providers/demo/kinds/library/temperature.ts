import { type LibrarySources, library, withMistake } from "./library.ts";

const PURPOSE = {
  limits: {
    en: "refuses what no thermometer can show",
    ko: "있을 수 없는 온도를 거부합니다",
    ja: "ありえない温度を拒む",
  },
  scales: {
    en: "conversion between Celsius, Fahrenheit and Kelvin",
    ko: "섭씨, 화씨, 켈빈 사이의 변환",
    ja: "摂氏・華氏・ケルビンの変換",
  },
  series: { en: "whole series of readings", ko: "측정값 목록 전체의 변환", ja: "測定値の列をまとめて変換" },
};

const SCALES = `"""Conversion between the scales "c", "f" and "k"."""

from .limits import check_celsius, check_number
from .messages import say

TO_CELSIUS = {
    "c": lambda value: value,
    "f": lambda value: (value - 32) * 5 / 9,
    "k": lambda value: value - 273.15,
}
FROM_CELSIUS = {
    "c": lambda value: value,
    "f": lambda value: value * 9 / 5 + 32,
    "k": lambda value: value + 273.15,
}


def convert(value, source, target):
    """\`value\` on the scale \`source\` as a value on the scale \`target\`. Raises TypeError or ValueError."""
    for scale in (source, target):
        if scale not in TO_CELSIUS:
            raise ValueError(say("unknown_scale", scale=scale))
    celsius = check_celsius(TO_CELSIUS[source](check_number(value)))
    return FROM_CELSIUS[target](celsius)
`;

const python = (): LibrarySources => ({
  modules: [
    {
      name: "limits",
      purpose: PURPOSE.limits,
      needs: ["messages"],
      content: `"""What a temperature can be."""

import math

from .messages import say

ABSOLUTE_ZERO = -273.15
# Conversions round in the last digits; absolute zero itself must pass.
TOLERANCE = 1e-9


def check_number(value):
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise TypeError(say("not_number", value=value))
    return value


def check_celsius(value):
    if value < ABSOLUTE_ZERO - TOLERANCE:
        raise ValueError(say("too_cold"))
    return value
`,
    },
    {
      name: "scales",
      purpose: PURPOSE.scales,
      needs: ["limits", "messages"],
      content: SCALES,
      mistaken: withMistake(SCALES, "(value - 32) * 5 / 9", "value - 32 * 5 / 9"),
    },
    {
      name: "series",
      purpose: PURPOSE.series,
      needs: ["scales", "messages"],
      content: `"""Series of readings."""

from .messages import say
from .scales import convert


def convert_series(values, source, target, digits=1):
    """Every value converted and rounded to \`digits\`."""
    return [round(convert(value, source, target), digits) for value in values]


def mean(values):
    """The mean of at least one value. Raises ValueError for none."""
    values = list(values)
    if not values:
        raise ValueError(say("no_values"))
    return sum(values) / len(values)
`,
    },
  ],
  exports: { scales: ["convert"], series: ["convert_series", "mean"] },
  example: `from PACKAGE import convert, convert_series

convert(98.6, "f", "c")                 # 37.0
convert_series([0, 21.5, 100], "c", "f")  # [32.0, 70.7, 212.0]`,
  tests: `import unittest

from PACKAGE import convert, convert_series, mean


class ConvertTest(unittest.TestCase):
    def test_water_freezes_and_boils(self):
        self.assertAlmostEqual(convert(0, "c", "f"), 32)
        self.assertAlmostEqual(convert(212, "f", "c"), 100)

    def test_fahrenheit_and_celsius_meet_at_minus_forty(self):
        self.assertAlmostEqual(convert(-40, "f", "c"), -40)
        self.assertAlmostEqual(convert(-40, "c", "f"), -40)

    def test_kelvin_starts_at_absolute_zero(self):
        self.assertAlmostEqual(convert(0, "k", "c"), -273.15)

    def test_there_and_back_is_the_same(self):
        for source in "cfk":
            for target in "cfk":
                with self.subTest(source=source, target=target):
                    self.assertAlmostEqual(convert(convert(300, source, target), target, source), 300)

    def test_colder_than_absolute_zero_is_refused(self):
        for value, scale in ((-273.16, "c"), (-460, "f"), (-1, "k")):
            with self.subTest(scale=scale), self.assertRaises(ValueError):
                convert(value, scale, "c")

    def test_what_is_no_number_is_refused(self):
        for value in ("20", None, True, float("nan"), float("inf")):
            with self.subTest(value=value), self.assertRaises(TypeError):
                convert(value, "c", "f")

    def test_an_unknown_scale_is_refused(self):
        with self.assertRaises(ValueError):
            convert(20, "c", "x")


class SeriesTest(unittest.TestCase):
    def test_a_series_is_converted_and_rounded(self):
        self.assertEqual(convert_series([0, 21.5, 100], "c", "f"), [32.0, 70.7, 212.0])

    def test_the_mean(self):
        self.assertAlmostEqual(mean([10, 20, 60]), 30)
EMPTY_TEST

if __name__ == "__main__":
    unittest.main()
`,
  emptyTest: `
    def test_an_empty_series_has_no_mean(self):
        self.assertEqual(convert_series([], "c", "f"), [])
        with self.assertRaises(ValueError):
            mean([])
`,
});

const SCALES_JS = `// Conversion between the scales "c", "f" and "k".

import { checkCelsius, checkNumber } from "./limits.js";
import { say } from "./messages.js";

const TO_CELSIUS = {
  c: (value) => value,
  f: (value) => ((value - 32) * 5) / 9,
  k: (value) => value - 273.15,
};
const FROM_CELSIUS = {
  c: (value) => value,
  f: (value) => (value * 9) / 5 + 32,
  k: (value) => value + 273.15,
};

/** \`value\` on the scale \`source\` as a value on the scale \`target\`. Throws TypeError or RangeError. */
export function convert(value, source, target) {
  for (const scale of [source, target]) {
    if (!Object.hasOwn(TO_CELSIUS, scale)) throw new RangeError(say("unknown_scale", { scale }));
  }
  const celsius = checkCelsius(TO_CELSIUS[source](checkNumber(value)));
  return FROM_CELSIUS[target](celsius);
}
`;

const javascript = (): LibrarySources => ({
  modules: [
    {
      name: "limits",
      purpose: PURPOSE.limits,
      needs: ["messages"],
      content: `// What a temperature can be.

import { say } from "./messages.js";

const ABSOLUTE_ZERO = -273.15;
// Conversions round in the last digits; absolute zero itself must pass.
const TOLERANCE = 1e-9;

export function checkNumber(value) {
  if (!Number.isFinite(value)) throw new TypeError(say("not_number", { value }));
  return value;
}

export function checkCelsius(value) {
  if (value < ABSOLUTE_ZERO - TOLERANCE) throw new RangeError(say("too_cold"));
  return value;
}
`,
    },
    {
      name: "scales",
      purpose: PURPOSE.scales,
      needs: ["limits", "messages"],
      content: SCALES_JS,
      mistaken: withMistake(SCALES_JS, "((value - 32) * 5) / 9", "value - (32 * 5) / 9"),
    },
    {
      name: "series",
      purpose: PURPOSE.series,
      needs: ["scales", "messages"],
      content: `// Series of readings.

import { say } from "./messages.js";
import { convert } from "./scales.js";

/** Every value converted and rounded to \`digits\`. */
export function convertSeries(values, source, target, digits = 1) {
  return values.map((value) => Number(convert(value, source, target).toFixed(digits)));
}

/** The mean of at least one value. Throws RangeError for none. */
export function mean(values) {
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

const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-6, \`\${actual} is not \${expected}\`);

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
  for (const [value, scale] of [[-273.16, "c"], [-460, "f"], [-1, "k"]]) {
    assert.throws(() => convert(value, scale, "c"), RangeError);
  }
});

test("what is no number is refused", () => {
  for (const value of ["20", null, true, Number.NaN, Infinity]) {
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

export const TEMPERATURE = library({
  id: "temperature",
  defaultName: "temperature",
  words: /temperature|celsius|fahrenheit|kelvin|온도|섭씨|화씨|気温|温度|摂氏|華氏/i,
  phrases:
    /temperature conver|convert(ing|s)? temperatures?|celsius (to|and|or) fahrenheit|온도\s?(변환|단위)|温度(の)?変換/i,
  label: { en: "temperature conversion", ko: "온도 변환", ja: "温度変換" },
  about: {
    en: "Converts temperatures between Celsius, Fahrenheit and Kelvin, one by one or in series.",
    ko: "온도를 섭씨, 화씨, 켈빈으로 하나씩 또는 한꺼번에 변환합니다.",
    ja: "温度を摂氏・華氏・ケルビンの間で、一つずつでもまとめてでも変換します。",
  },
  messages: {
    not_number: {
      en: "{value} is not a number.",
      ko: "{value}은(는) 숫자가 아닙니다.",
      ja: "{value} は数ではありません。",
    },
    too_cold: {
      en: "Nothing is colder than absolute zero.",
      ko: "절대 영도보다 낮은 온도는 없습니다.",
      ja: "絶対零度より低い温度はありません。",
    },
    unknown_scale: {
      en: "“{scale}” is not one of the scales c, f and k.",
      ko: "“{scale}”은(는) c, f, k 가운데 하나가 아닙니다.",
      ja: "「{scale}」は c・f・k のどれでもありません。",
    },
    no_values: { en: "There are no values.", ko: "값이 없습니다.", ja: "値がありません。" },
  },
  lesson: {
    en: "The step from Fahrenheit to Celsius lacked the brackets around “value - 32”, so only 32 was scaled. The brackets are there now.",
    ko: "화씨를 섭씨로 바꿀 때 “value - 32”에 괄호가 없어 32에만 비율이 적용되었습니다. 괄호를 넣었습니다.",
    ja: "華氏から摂氏への計算で「value - 32」に括弧がなく、32 だけが換算されていました。括弧を付けました。",
  },
  sources: { python, javascript },
});
