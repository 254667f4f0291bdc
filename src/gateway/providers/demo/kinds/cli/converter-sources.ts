import type { Design } from "../../design.ts";
import { quote } from "../write-source.ts";

const FACTORS: [string, [string, string][]][] = [
  [
    "length",
    [
      ["mm", "0.001"],
      ["cm", "0.01"],
      ["m", "1"],
      ["km", "1000"],
      ["in", "0.0254"],
      ["ft", "0.3048"],
      ["yd", "0.9144"],
      ["mi", "1609.344"],
    ],
  ],
  [
    "weight",
    [
      ["g", "0.001"],
      ["kg", "1"],
      ["t", "1000"],
      ["oz", "0.028349523125"],
      ["lb", "0.45359237"],
    ],
  ],
  [
    "volume",
    [
      ["ml", "0.001"],
      ["l", "1"],
      ["gal", "3.785411784"],
    ],
  ],
];

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

export function unitsModuleJs(): string {
  const rows = FACTORS.map(
    ([kind, units]) => `  ${kind}: { ${units.map(([unit, factor]) => `${unit}: ${factor}`).join(", ")} },`,
  );
  return `// The units, each with its size in the unit of its kind that counts as 1.

export const FACTORS = {
${rows.join("\n")}
};

// Temperatures have different zeros: kelvin = value * scale + offset.
export const TEMPERATURES = {
  k: { scale: 1, offset: 0 },
  c: { scale: 1, offset: 273.15 },
  f: { scale: 5 / 9, offset: (459.67 * 5) / 9 },
};

/** The names of the units by kind. */
export function allUnits() {
  const kinds = Object.entries({ ...FACTORS, temperature: TEMPERATURES });
  return Object.fromEntries(kinds.map(([kind, units]) => [kind, Object.keys(units)]));
}
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

export function convertModuleJs(): string {
  return `// Conversion between two units of the same kind.

import { say } from "./messages.js";
import { allUnits, FACTORS, TEMPERATURES } from "./units.js";

/** The conversion makes no sense. The message is meant for the person. */
export class ConversionError extends Error {}

function kindOf(unit) {
  const found = Object.entries(allUnits()).find(([, units]) => units.includes(unit));
  if (!found) throw new ConversionError(say("unknown_unit", { unit }));
  return found[0];
}

/** \`value\` of the unit \`from\` in the unit \`to\`; unit names in any case. Throws ConversionError. */
export function convert(value, from, to) {
  const source = from.toLowerCase();
  const target = to.toLowerCase();
  const kind = kindOf(source);
  if (kind !== kindOf(target)) throw new ConversionError(say("mismatch", { source, target }));
  if (kind !== "temperature") return (value * FACTORS[kind][source]) / FACTORS[kind][target];
  const kelvin = value * TEMPERATURES[source].scale + TEMPERATURES[source].offset;
  if (kelvin < -1e-9) throw new ConversionError(say("too_cold", { value, unit: source }));
  return (kelvin - TEMPERATURES[target].offset) / TEMPERATURES[target].scale;
}
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

export function converterMainJs(design: Design): string {
  const json = design.json;
  return `#!/usr/bin/env node
import { realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { ConversionError, convert } from "./src/${design.name}/convert.js";
import { say } from "./src/${design.name}/messages.js";
import { allUnits } from "./src/${design.name}/units.js";

/** The text for the arguments of the command line. Throws ConversionError. */
export function answer(given) {
${json ? '  const asJson = given.includes("--json");\n  const args = given.filter((one) => one !== "--json");' : "  const args = given;"}
  if (args.length === 1 && args[0] === "--list") {
    return Object.entries(allUnits()).map(([kind, units]) => \`\${kind}: \${units.join(", ")}\`).join("\\n");
  }
  if (args.length !== 3) throw new ConversionError(say("usage", { command: ${quote(design.name)} }));
  const [text, source, target] = args;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new ConversionError(say("not_a_number", { value: text }));
  const result = convert(value, source, target);
${json ? "  if (asJson) return JSON.stringify({ value, from: source, to: target, result });\n" : ""}  return \`\${value} \${source} = \${Number(result.toPrecision(6))} \${target}\`;
}

/** The exit code is 0, or 1 when there is nothing to convert. */
export function main(args) {
  if (args.length === 0 || args[0] === "--help" || args[0] === "-h") {
    console.log(\`\${say("description")}\\n\${say("usage", { command: ${quote(design.name)} })}\`);
    return 0;
  }
  try {
    console.log(answer(args));
    return 0;
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    console.error(error.message);
    return 1;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  process.exitCode = main(process.argv.slice(2));
}
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

export function converterTestsJs(design: Design): string {
  return `import assert from "node:assert/strict";
import { test } from "node:test";
import { answer } from "../${design.name}.js";
import { ConversionError, convert } from "../src/${design.name}/convert.js";

const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-6, \`\${actual} is not \${expected}\`);

test("lengths", () => {
  near(convert(1, "mi", "km"), 1.609344);
  near(convert(12, "in", "ft"), 1);
});

test("weights", () => near(convert(1, "lb", "g"), 453.59237));

test("temperatures have their own zeros", () => {
  near(convert(100, "c", "f"), 212);
  near(convert(-40, "f", "c"), -40);
  near(convert(0, "k", "c"), -273.15);
});

test("there and back is the same", () => {
  for (const [from, to] of [["km", "mi"], ["kg", "oz"], ["l", "gal"], ["c", "f"]]) {
    near(convert(convert(25, from, to), to, from), 25);
  }
});

test("unit names may be in any case", () => near(convert(1, "KM", "m"), 1000));

test("units of different kinds are refused", () => {
  assert.throws(() => convert(1, "kg", "km"), ConversionError);
});

test("below absolute zero is refused", () => {
  assert.throws(() => convert(-300, "c", "k"), ConversionError);
});

test("the answer is one line", () => {
  assert.equal(answer(["10", "km", "mi"]), "10 km = 6.21371 mi");
});

test("what is no number is refused", () => {
  for (const text of ["ten", "NaN", "Infinity", ""]) {
    assert.throws(() => answer([text, "km", "mi"]), ConversionError);
  }
});
${
  design.json
    ? `
test("JSON answer can be read back", () => {
  assert.equal(JSON.parse(answer(["1", "km", "m", "--json"])).result, 1000);
});
`
    : ""
}${
  design.emptyTest
    ? `
test("no arguments are refused", () => {
  assert.throws(() => answer([]), ConversionError);
});
`
    : ""
}`;
}
