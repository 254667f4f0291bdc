import type { Design } from "../../design.ts";
import { quote } from "../write-source.ts";
import { FACTORS } from "./converter-units.ts";

export function unitsModule(): string {
  const rows = FACTORS.map(
    ([kind, units]) =>
      `    ${quote(kind)}: {${units.map(([unit, factor]) => `${quote(unit)}: ${factor}`).join(", ")}},`,
  );
  return `"""The units, each with its size in the unit of its kind that counts as 1."""

FACTORS = {
${rows.join("\n")}
}

# Temperatures have different zeros: kelvin = value * scale + offset.
TEMPERATURES = {
    "k": (1.0, 0.0),
    "c": (1.0, 273.15),
    "f": (5 / 9, 459.67 * 5 / 9),
}


def all_units():
    """The names of the units by kind."""
    return {**{kind: list(units) for kind, units in FACTORS.items()}, "temperature": list(TEMPERATURES)}
`;
}

export function convertModule(): string {
  return `"""Conversion between two units of the same kind."""

from .messages import say
from .units import FACTORS, TEMPERATURES, all_units


class ConversionError(ValueError):
    """The conversion makes no sense. The message is meant for the person."""


def kind_of(unit):
    for kind, units in all_units().items():
        if unit in units:
            return kind
    raise ConversionError(say("unknown_unit", unit=unit))


def convert(value, source, target):
    """\`value\` of the unit \`source\` in the unit \`target\`; unit names in any case. Raises ConversionError."""
    source, target = source.lower(), target.lower()
    kind = kind_of(source)
    if kind != kind_of(target):
        raise ConversionError(say("mismatch", source=source, target=target))
    if kind != "temperature":
        return value * FACTORS[kind][source] / FACTORS[kind][target]
    scale, offset = TEMPERATURES[source]
    kelvin = value * scale + offset
    if kelvin < -1e-9:
        raise ConversionError(say("too_cold", value=value, unit=source))
    scale, offset = TEMPERATURES[target]
    return (kelvin - offset) / scale
`;
}

export function converterMain(design: Design): string {
  const json = design.json;
  return `"""The command line: python3 -m ${design.name} 10 km mi"""

${json ? "import json\n" : ""}import math
import sys

from .convert import ConversionError, convert
from .messages import say
from .units import all_units


def answer(arguments):
    """The text for the arguments of the command line. Raises ConversionError."""
${json ? '    as_json = "--json" in arguments\n    arguments = [one for one in arguments if one != "--json"]\n' : ""}    if arguments == ["--list"]:
        return "\\n".join(f"{kind}: {', '.join(units)}" for kind, units in all_units().items())
    if len(arguments) != 3:
        raise ConversionError(say("usage", command=${quote(design.name)}))
    text, source, target = arguments
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ConversionError(say("not_a_number", value=text))
    result = convert(value, source, target)
${json ? '    if as_json:\n        return json.dumps({"value": value, "from": source, "to": target, "result": result})\n' : ""}    return f"{value:g} {source} = {result:.6g} {target}"


def main(arguments=None):
    """The exit code is 0, or 1 when there is nothing to convert."""
    given = sys.argv[1:] if arguments is None else arguments
    if given in ([], ["--help"], ["-h"]):
        print(say("description"), say("usage", command=${quote(design.name)}), sep="\\n")
        return 0
    try:
        print(answer(given))
    except ConversionError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
`;
}

export function converterTests(design: Design): string {
  return `${design.json ? "import json\n" : ""}import unittest

from ${design.name}.__main__ import answer
from ${design.name}.convert import ConversionError, convert


class ConvertTest(unittest.TestCase):
    def test_lengths(self):
        self.assertAlmostEqual(convert(1, "mi", "km"), 1.609344)
        self.assertAlmostEqual(convert(12, "in", "ft"), 1)

    def test_weights(self):
        self.assertAlmostEqual(convert(1, "lb", "g"), 453.59237)

    def test_temperatures_have_their_own_zeros(self):
        self.assertAlmostEqual(convert(100, "c", "f"), 212)
        self.assertAlmostEqual(convert(-40, "f", "c"), -40)
        self.assertAlmostEqual(convert(0, "k", "c"), -273.15)

    def test_there_and_back_is_the_same(self):
        for source, target in (("km", "mi"), ("kg", "oz"), ("l", "gal"), ("c", "f")):
            with self.subTest(source=source, target=target):
                self.assertAlmostEqual(convert(convert(25, source, target), target, source), 25)

    def test_unit_names_may_be_in_any_case(self):
        self.assertEqual(convert(1, "KM", "m"), 1000)

    def test_units_of_different_kinds_are_refused(self):
        with self.assertRaises(ConversionError):
            convert(1, "kg", "km")

    def test_below_absolute_zero_is_refused(self):
        with self.assertRaises(ConversionError):
            convert(-300, "c", "k")


class CommandLineTest(unittest.TestCase):
    def test_the_answer_is_one_line(self):
        self.assertEqual(answer(["10", "km", "mi"]), "10 km = 6.21371 mi")

    def test_what_is_no_number_is_refused(self):
        for text in ("ten", "nan", "inf", ""):
            with self.subTest(text=text), self.assertRaises(ConversionError):
                answer([text, "km", "mi"])
${
  design.json
    ? `
    def test_json_answer_can_be_read_back(self):
        self.assertEqual(json.loads(answer(["1", "km", "m", "--json"]))["result"], 1000)
`
    : ""
}${
  design.emptyTest
    ? `
    def test_no_arguments_are_refused(self):
        with self.assertRaises(ConversionError):
            answer([])
`
    : ""
}

if __name__ == "__main__":
    unittest.main()
`;
}
