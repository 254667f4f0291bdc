import type { Design } from "../../design.ts";
import { quote } from "../write-source.ts";
import { FACTORS } from "./converter-units.ts";

export function unitsModuleJs(): string {
  const rows = FACTORS.map(
    ([kind, units]) => `  ${kind}: { ${units.map(([unit, factor]) => `${unit}: ${factor}`).join(", ")} },`,
  );
  return `// The units, each with its size in the unit of its kind that counts as 1.

export const FACTORS‹: Record<string, Record<string, number>>› = {
${rows.join("\n")}
};

// Temperatures have different zeros: kelvin = value * scale + offset.
export const TEMPERATURES‹: Record<string, { scale: number; offset: number }>› = {
  k: { scale: 1, offset: 0 },
  c: { scale: 1, offset: 273.15 },
  f: { scale: 5 / 9, offset: (459.67 * 5) / 9 },
};

/** The names of the units by kind. */
export function allUnits()‹: Record<string, string[]>› {
  const kinds = Object.entries‹<object>›({ ...FACTORS, temperature: TEMPERATURES });
  return Object.fromEntries(kinds.map(([kind, units]) => [kind, Object.keys(units)]));
}
`;
}

export function convertModuleJs(): string {
  return `// Conversion between two units of the same kind.

import { say } from "./messages.js";
import { allUnits, FACTORS, TEMPERATURES } from "./units.js";

/** The conversion makes no sense. The message is meant for the person. */
export class ConversionError extends Error {}

function kindOf(unit‹: string›) {
  const found = Object.entries(allUnits()).find(([, units]) => units.includes(unit));
  if (!found) throw new ConversionError(say("unknown_unit", { unit }));
  return found[0];
}

/** \`value\` of the unit \`from\` in the unit \`to\`; unit names in any case. Throws ConversionError. */
export function convert(value‹: number›, from‹: string›, to‹: string›) {
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

export function converterMainJs(design: Design): string {
  const json = design.json;
  return `#!/usr/bin/env node
import { realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { ConversionError, convert } from "./src/${design.name}/convert.js";
import { say } from "./src/${design.name}/messages.js";
import { allUnits } from "./src/${design.name}/units.js";

/** The text for the arguments of the command line. Throws ConversionError. */
export function answer(given‹: string[]›) {
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
export function main(args‹: string[]›) {
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

export function converterTestsJs(design: Design): string {
  return `import assert from "node:assert/strict";
import { test } from "node:test";
import { answer } from "../${design.name}.js";
import { ConversionError, convert } from "../src/${design.name}/convert.js";

const near = (actual‹: number›, expected‹: number›) => assert.ok(Math.abs(actual - expected) < 1e-6, \`\${actual} is not \${expected}\`);

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
