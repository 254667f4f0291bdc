import { type LibrarySources, withMistake } from "./library.ts";

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

export const temperaturePython = (): LibrarySources => ({
  modules: [
    {
      name: "limits",
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
      needs: ["limits", "messages"],
      content: SCALES,
      mistaken: withMistake(SCALES, "(value - 32) * 5 / 9", "value - 32 * 5 / 9"),
    },
    {
      name: "series",
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
