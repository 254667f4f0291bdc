import { javascriptChartTests } from "./report-chart.ts";
import type { ReportShape } from "./report-shape.ts";

export function javascriptReportTests(shape: ReportShape): string {
  const { name, json, emptyTest } = shape.design;
  const figures =
    shape.measure === "sum"
      ? `test("values of a group are added up", () => {
  const totals = Object.fromEntries(summarize(ROWS).map((one) => [one.group, one.total]));
  assert.deepEqual(totals, { a: 3.75, b: 9.5 });
});

test("shares make a hundred", () => {
  const whole = summarize(load(DATA)).reduce((sum, one) => sum + one.share, 0);
  assert.ok(Math.abs(whole - 100) < 1e-9);
});

test("values that cancel out have no share", () => {
  assert.deepEqual(summarize([["a", 1], ["b", -1]]).map((one) => one.share), [0, 0]);
});
`
      : `test("mean, least and most of a group", () => {
  assert.deepEqual(summarize(ROWS)[1], { group: "a", rows: 2, mean: 1.875, least: 1.25, most: 2.5 });
});

test("values below zero count", () => {
  const [figures] = summarize([["a", -4], ["a", 2]]);
  assert.deepEqual([figures.mean, figures.least], [-1, -4]);
});
`;
  return `import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { DATA, main } from "../${name}.js";
import { chart } from "../src/${name}/chart.js";
import { DataError, load, parse‹, type Row› } from "../src/${name}/load.js";
import { render, width } from "../src/${name}/render.js";
import { summarize } from "../src/${name}/summarize.js";

const ROWS‹: Row[]› = [["b", 9.5], ["a", 1.25], ["a", 2.5]];

function call(...args‹: string[]›) {
  const output‹: string[]› = [];
  const error‹: string[]› = [];
  const code = main(args, (text) => output.push(text), (text) => error.push(text));
  return { code, output: output.join("\\n"), error: error.join("\\n") };
}

test("rows are read below the heading", () => {
  assert.deepEqual(parse('name,value\\n"a, b",1.5\\n\\nc,"1,000"\\n'), [["a, b", 1.5], ["c", 1000]]);
});

test("a wrong line is named", () => {
  for (const text of ["h,v\\na,1\\nb,two\\n", "h,v\\na,1\\nb\\n", "h,v\\na,1\\nb,NaN\\n"]) {
    assert.throws(() => parse(text), (error‹: unknown›) => error instanceof DataError && error.message.includes("3"));
  }
});
${
  emptyTest
    ? `
test("data without rows is refused", () => {
  for (const text of ["", "name,value\\n", "\\n\\n"]) assert.throws(() => parse(text), DataError);
});
`
    : ""
}
${figures}
test("${shape.largestFirst ? "the largest comes first" : "groups keep the order of the data"}", () => {
  assert.deepEqual(summarize([["a", 1], ["b", 2]]).map((one) => one.group), ${shape.largestFirst ? '["b", "a"]' : '["a", "b"]'});
});

test("every group of the data is in the report", () => {
  const { code, output } = call();
  assert.equal(code, 0);
  for (const [group] of load(DATA)) assert.ok(output.includes(group), group);
});

test("lines of the table are equally wide in every script", () => {
  const table = render(summarize([["서울", 5], ["Tokyo", 7]])).split("\\n").slice(2);
  assert.equal(new Set(table.map(width)).size, 1);
});

test("missing data is an error of one line", () => {
  const { code, output, error } = call("no-such-file.csv");
  assert.deepEqual([code, output, error.split("\\n").length], [1, "", 1]);
});

test("the report can go to a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "report-"));
  const path = join(folder, "report.md");
  assert.deepEqual(call("--output", path), { code: 0, output: "", error: "" });
  assert.match(readFileSync(path, "utf8"), /^# /);
  rmSync(folder, { recursive: true });
});
${javascriptChartTests()}${
  json
    ? `
test("JSON output can be read back", () => {
  const groups = JSON.parse(call("--json").output).map((one‹: { group: string }›) => one.group);
  assert.deepEqual(new Set(groups), new Set(load(DATA).map(([group]) => group)));
});
`
    : ""
}`;
}
