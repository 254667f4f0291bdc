import { quote } from "../write-source.ts";
import type { ReportShape } from "./report-shape.ts";

export function javascriptLoad(): string {
  return `// Rows of a CSV file with two columns: the group and its value.

import { readFileSync } from "node:fs";
import { say } from "./messages.js";

‹/** A group and its value. */
export type Row = [group: string, value: number];

›/** The data cannot be used. The message is meant for the person. */
export class DataError extends Error {}

/** The cells of one line; quotes may hold commas, and a doubled quote is a quote. */
function cellsOf(line‹: string›) {
  const cells = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)];
  return cells.map(([, quoted, plain]) => (quoted ?? "").replaceAll('""', '"') || (plain ?? ""));
}

function readValue(text‹: string›, line‹: number›) {
  const plain = text.trim().replaceAll(",", "");
  if (!/^[+-]?(\\d+\\.?\\d*|\\.\\d+)$/.test(plain)) throw new DataError(say("not_a_number", { line, value: text }));
  return Number(plain);
}

/** Pairs of group and value below the heading line. Throws DataError. */
export function parse(text‹: string›)‹: Row[]› {
  const rows‹: Row[]› = [];
  const lines = text.replace(/^\\uFEFF/, "").split(/\\r\\n|\\r|\\n/);
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === "") continue;
    const cells = cellsOf(line);
    const group = cells[0].trim();
    if (cells.length !== 2 || group === "") throw new DataError(say("not_two_columns", { line: index + 1 }));
    rows.push([group, readValue(cells[1], index + 1)]);
  }
  if (rows.length === 0) throw new DataError(say("no_rows"));
  return rows;
}

/** The rows of a file in UTF-8. Throws DataError. */
export function load(path‹: string›) {
  let text‹: string›;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (cause) {
    throw new DataError(say("unreadable", { path }), { cause });
  }
  return parse(text);
}
`;
}

export function javascriptSummarize(shape: ReportShape): string {
  const sum = shape.measure === "sum";
  return `// The figures of each group.

‹import type { Row } from "./load.js";

export interface Figures { group: string; rows: number; ${sum ? "total: number; share: number" : "mean: number; least: number; most: number"} }

›const add = (values‹: number[]›) => values.reduce((sum, value) => sum + value, 0);

/** One object a group, ${shape.largestFirst ? "the largest total first" : "in the order of the data"}. */
export function summarize(rows‹: Row[]›)‹: Figures[]› {
  const groups = new Map‹<string, number[]>›();
  for (const [name, value] of rows) groups.set(name, [...(groups.get(name) ?? []), value]);
${sum ? "  const whole = add(rows.map(([, value]) => value));\n" : ""}  const summary = [...groups].map(([group, values]) => ({
    group,
    rows: values.length,
${
  sum
    ? `    total: add(values),
    share: whole === 0 ? 0 : (add(values) / whole) * 100,`
    : `    mean: add(values) / values.length,
    least: Math.min(...values),
    most: Math.max(...values),`
}
  }));
  return ${shape.largestFirst ? "summary.sort((a, b) => b.total - a.total || (a.group < b.group ? -1 : 1))" : "summary"};
}
`;
}

export function javascriptRender(shape: ReportShape): string {
  const sum = shape.measure === "sum";
  const columns = sum ? ["group", "rows", "total", "share"] : ["group", "rows", "mean", "least", "most"];
  const cells = sum
    ? `[one.group, String(one.rows), number(one.total), \`\${one.share.toFixed(1)}%\`]`
    : "[one.group, String(one.rows), number(one.mean), number(one.least), number(one.most)]";
  return `// The report as a Markdown table that also lines up in a terminal.

import { say } from "./messages.js";
‹import type { Figures } from "./summarize.js";
›
const COLUMNS = [${columns.map(quote).join(", ")}];
const WIDE = /[\\p{Script=Hangul}\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\u3000-\\u303F\\uFF01-\\uFF60]|\\p{Emoji_Presentation}/u;

/** Columns of a terminal: characters of East Asian scripts take two. */
export function width(text‹: string›) {
  return [...text].reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0);
}

/** At most two decimals, with thousands set apart. */
const number = (value‹: number›) => value.toLocaleString("en-US", { maximumFractionDigits: 2 });

export function render(summary‹: Figures[]›) {
  const head = COLUMNS.map((column) => say(\`column_\${column}\`));
  const body = summary.map((one) => ${cells});
  const widths = head.map((_, index) => Math.max(3, ...[head, ...body].map((row) => width(row[index]))));
  const line = (row‹: string[]›) => {
    const padded = row.map((cell, index) => {
      const space = " ".repeat(widths[index] - width(cell));
      return index === 0 ? cell + space : space + cell;
    });
    return \`| \${padded.join(" | ")} |\`;
  };
  const rule = widths.map((one, index) => (index === 0 ? "-".repeat(one) : \`\${"-".repeat(one - 1)}:\`));
  return [\`# \${say("heading")}\`, "", line(head), line(rule), ...body.map(line)].join("\\n");
}
`;
}

export function javascriptReportMain(shape: ReportShape): string {
  const { name, json } = shape.design;
  return `#!/usr/bin/env node
import { realpathSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { chart } from "./src/${name}/chart.js";
import { DataError, load } from "./src/${name}/load.js";
import { say } from "./src/${name}/messages.js";
import { render } from "./src/${name}/render.js";
import { summarize } from "./src/${name}/summarize.js";

export const DATA‹: string› = fileURLToPath(new URL(${quote(`data/${name}.csv`)}, import.meta.url));
const TEXT = { type: "string"‹ as const› };
const FLAG = { type: "boolean"‹ as const› };
const OPTIONS = { output: TEXT, chart: TEXT, help: FLAG${json ? ", json: FLAG" : ""} };

/** Prints the report. The exit code: 0, 1 when the data cannot be used, 2 when the command line is wrong. */
export function main(args‹: string[]›, print‹: (text: string) => void›, printError‹: (text: string) => void›) {
  let options‹: { values: { output?: string; chart?: string; help?: boolean; json?: boolean }; positionals: string[] }›;
  try {
    options = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    printError(‹(›error‹ as Error)›.message);
    return 2;
  }
  const { values, positionals } = options;
  if (values.help) {
    print(\`\${say("description")}\\n${name} [data.csv] [--output report.md] [--chart chart.svg]${json ? " [--json]" : ""}\`);
    return 0;
  }
  try {
    const summary = summarize(load(positionals[0] ?? DATA));
    const text = ${json ? "values.json ? JSON.stringify(summary, null, 2) : render(summary)" : "render(summary)"};
    if (values.chart) writeFileSync(values.chart, chart(summary));
    if (values.output) writeFileSync(values.output, \`\${text}\\n\`);
    else print(text);
    return 0;
  } catch (error) {
    const { code, path, message } = error‹ as { code?: string; path?: string; message: string }›;
    if (!(error instanceof DataError) && code === undefined) throw error;
    printError(error instanceof DataError ? message : say("unwritable", { path }));
    return 1;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  process.exitCode = main(process.argv.slice(2), console.log, console.error);
}
`;
}
