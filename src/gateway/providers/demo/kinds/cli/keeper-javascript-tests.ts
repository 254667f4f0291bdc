import { quote } from "../write-source.ts";
import type { KeeperShape } from "./keeper-shape.ts";

function addArguments(shape: KeeperShape, text: string, options: string[] = []): string {
  const required = shape.fields.filter((field) => field.required).map((field) => field.sample);
  return ["add", text, ...required, ...options].map(quote).join(", ");
}

function optionTests(shape: KeeperShape, first: string): string[] {
  const tests: string[] = [];
  for (const field of shape.fields) {
    const add = (value: string) => addArguments(shape, first, [`--${field.name}`, value]);
    if (field.kind === "choice") {
      tests.push(`test("${field.name} takes only the known values", () => {
  assert.equal(call(${add(field.sample)}).code, 0);
  const refused = call(${add("purple")});
  assert.equal(refused.code, 1);
  assert.match(refused.error, /purple/);
  assert.deepEqual(stored().map((entry) => entry.${field.name}), [${quote(field.sample)}]);
});`);
    }
    if (field.kind === "date") {
      tests.push(`test("${field.name} must be a real date", () => {
  assert.equal(call(${add("2030-02-30")}).code, 1);
  assert.equal(call(${add("2030-02-28")}).code, 0);
  assert.match(call("list").output, /2030-02-28/);
});`);
    }
    if (field.kind === "tags") {
      tests.push(`test("tags are cleaned and narrow the list", () => {
  call(${add(" Home,urgent,,home")});
  assert.deepEqual(stored()[0].tags, ["home", "urgent"]);
  assert.ok(call("list", "--tags", "home").output.includes(${quote(first)}));
  assert.ok(!call("list", "--tags", "garden").output.includes(${quote(first)}));
});`);
    }
  }
  return tests;
}

export function javascriptKeeperTests(shape: KeeperShape): string {
  const { design } = shape;
  const [first = "First", second = "Second"] = shape.samples;
  const add = (text: string) => addArguments(shape, text);
  const tests = [
    `test("an added entry is listed", () => {
  assert.equal(call(${add(first)}).code, 0);
  assert.ok(call("list").output.includes(${quote(first)}));
});`,
    `test("removing one keeps the other and its number", () => {
  call(${add(first)});
  call(${add(second)});
  assert.equal(call("remove", "1").code, 0);
  assert.deepEqual(stored().map((entry) => [entry.id, entry.${shape.main}]), [[2, ${quote(second)}]]);
});`,
    `test("empty text is refused and nothing is stored", () => {
  assert.deepEqual(call(${add("   ")}), { code: 1, output: "", error: say("empty") });
  assert.equal(existsSync(file), false);
});`,
    `test("a number that nobody has is an error", () => {
  const { code, error } = call("remove", "7");
  assert.equal(code, 1);
  assert.match(error, /7/);
});`,
    `test("a damaged file is reported and left alone", () => {
  writeFileSync(file, "not JSON");
  assert.equal(call(${add(first)}).code, 1);
  assert.equal(readFileSync(file, "utf8"), "not JSON");
});`,
    `test("a wrong command line is told apart from a refused command", () => {
  assert.equal(call("dance").code, 2);
  assert.equal(call("add").code, 2);
  assert.equal(call("--help").code, 0);
});`,
  ];
  if (shape.ticks) {
    tests.push(`test("what is done leaves the open list", () => {
  call(${add(first)});
  call(${add(second)});
  assert.equal(call("done", "1").code, 0);
  const { output } = call("list", "--open");
  assert.ok(!output.includes(${quote(first)}));
  assert.ok(output.includes(${quote(second)}));
});`);
  }
  if (shape.totals) {
    tests.push(`test("amounts add up to the cent", () => {
  call("add", ${quote(first)}, "0.10");
  call("add", ${quote(second)}, "1,000.20");
  assert.ok(call("total").output.includes("1000.30"));
});`);
    tests.push(`test("an amount must be above zero", () => {
  for (const amount of ["0", "-1", "ten", "1.234", ""]) {
    assert.equal(call("add", "--", ${quote(first)}, amount).code, 1, amount);
  }
  assert.equal(existsSync(file), false);
});`);
  }
  tests.push(...optionTests(shape, first));
  if (design.json) {
    tests.push(`test("JSON output can be read back", () => {
  call(${add(first)});
  const entries‹: Record<string, unknown>[]› = JSON.parse(call("list", "--json").output);
  assert.deepEqual(entries.map((entry) => entry.${shape.main}), [${quote(first)}]);
});`);
  }
  if (design.emptyTest) {
    tests.push(`test("a list of nothing says so", () => {
  assert.deepEqual(call("list"), { code: 0, output: say("nothing"), error: "" });
  writeFileSync(file, "");
  assert.equal(call("list").code, 1);
});`);
  }
  return `import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { main } from "../src/${design.name}/cli.js";
import { say } from "../src/${design.name}/messages.js";

let folder‹: string›;
let file‹: string›;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), ${quote(`${design.name}-`)}));
  file = join(folder, "entries.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Exit code, output and errors of one command. */
function call(...argv‹: string[]›) {
  const output‹: string[]› = [];
  const error‹: string[]› = [];
  const code = main(["--file", file, ...argv], (text) => output.push(text), (text) => error.push(text));
  return { code, output: output.join("\\n"), error: error.join("\\n") };
}

const stored = ()‹: Record<string, unknown>[]› => JSON.parse(readFileSync(file, "utf8"));

${tests.join("\n\n")}
`;
}
