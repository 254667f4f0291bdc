import type { Design } from "../../design.ts";
import { quote } from "../write-source.ts";

export const sourceModuleJs =
  (): string => `// Where prices come from: a file of recorded prices, or an address that answers with JSON.
import { readFile } from "node:fs/promises";
import { say } from "./messages.js";

const TIMEOUT_MS = 10_000;

/** The text behind a path or an http(s) address. */
export async function readSource(source‹: string›)‹: Promise<string>› {
  if (!/^https?:\\/\\//.test(source)) return readFile(source, "utf8");
  const answer = await fetch(source, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  return answer.text();
}

/**
 * The price of \`symbol\` in an answer: a number, an object with one, or recorded ones, of which the turn-th.
 * Throws RangeError when there is none.
 */
export function priceIn(text‹: string›, symbol‹: string›, turn = 0) {
  let value = readJson(text);
  if (value !== null && typeof value === "object" && !Array.isArray(value)) value = value[symbol] ?? value.price;
  if (Array.isArray(value)) value = value[turn % value.length];
  const price = typeof value === "number" || (typeof value === "string" && value.trim() !== "") ? Number(value) : NaN;
  if (!Number.isFinite(price) || price <= 0) throw new RangeError(say("no_price", { symbol }));
  return price;
}

function readJson(text‹: string›) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
`;

export const historyModuleJs = (): string => `// The prices seen so far, one line each: time,price.
import { appendFile, readFile } from "node:fs/promises";

/** Pairs of time and price, the oldest first; none when there is no file yet. */
export async function load(path‹: string›)‹: Promise<[time: string, price: number][]>› {
  const text‹: string› = await readFile(path, "utf8").catch((error‹: { code?: string }›) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const lines = text.split("\\n").filter((line) => line !== "");
  return lines.map((line) => [line.slice(0, line.lastIndexOf(",")), Number(line.slice(line.lastIndexOf(",") + 1))]);
}

export async function add(path‹: string›, time‹: string›, price‹: number›) {
  await appendFile(path, \`\${time},\${price}\\n\`);
}

/** Count, lowest, highest, mean and last; null when there is no price. */
export function summarize(prices‹: number[]›) {
  if (prices.length === 0) return null;
  const sum = prices.reduce((one, other) => one + other, 0);
  return {
    count: prices.length,
    low: Math.min(...prices),
    high: Math.max(...prices),
    mean: sum / prices.length,
    last: prices[prices.length - 1],
  };
}
`;

export const rulesModuleJs = (): string => `// When a price is worth a word.
‹
export interface Limits { above?: number; below?: number; change?: number }
›
/** Percent from the price before the last to the last; 0 for the first. */
export function changeOf(prices‹: number[]›) {
  if (prices.length < 2) return 0;
  const [before, last] = prices.slice(-2);
  return ((last - before) / before) * 100;
}

/** Names of the rules that the last price meets. A limit counts once, in the moment it is crossed. */
export function alerts(prices‹: number[]›, { above, below, change }‹: Limits› = {}) {
  if (prices.length === 0) return [];
  const last = prices[prices.length - 1];
  const before = prices.at(-2);
  const found‹: (keyof Limits)[]› = [];
  if (above !== undefined && last > above && (before === undefined || before <= above)) found.push("above");
  if (below !== undefined && last < below && (before === undefined || before >= below)) found.push("below");
  if (change !== undefined && before !== undefined && Math.abs(changeOf(prices)) >= change) found.push("change");
  return found;
}
`;

export function monitorMainJs(design: Design, symbol: string): string {
  const { json, name } = design;
  return `#!/usr/bin/env node
// The command line: node ${name}.js check
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { add, load, summarize } from "./src/${name}/history.js";
import { say } from "./src/${name}/messages.js";
import { alerts, changeOf‹, type Limits› } from "./src/${name}/rules.js";
import { priceIn, readSource } from "./src/${name}/source.js";

const SYMBOL = ${quote(symbol)};
‹
interface Options {
  source: string;
  history: string;
  interval: number;
  times: number;
  limits: Limits;
  command?: string;
  json?: boolean;
}
›
/** Takes one price, keeps it, and gives what the person sees of it. */
async function check(options‹: Options›) {
  const prices = (await load(options.history)).map(([, price]) => price);
  const price = priceIn(await readSource(options.source), SYMBOL, prices.length);
  const now = new Date().toISOString();
  await add(options.history, now, price);
  prices.push(price);
  const change = changeOf(prices);
  const found = alerts(prices, options.limits);
${json ? "  if (options.json) return JSON.stringify({ symbol: SYMBOL, time: now, price, change, alerts: found });\n" : ""}  const signed = \`\${change < 0 ? "" : "+"}\${change.toFixed(2)}\`;
  const lines = [say("price", { symbol: SYMBOL, price: price.toFixed(2), change: signed })];
  for (const name of found) lines.push(say(\`alert_\${name}\`, { symbol: SYMBOL, limit: options.limits[name] }));
  return lines.join("\\n");
}

async function showHistory(options‹: Options›) {
  const figures = summarize((await load(options.history)).map(([, price]) => price));
  if (figures === null) return say("no_history");
  const texts = Object.entries(figures).map(([key, value]) => [key, key === "count" ? value : value.toFixed(2)]);
  return say("summary", { symbol: SYMBOL, ...Object.fromEntries(texts) });
}

function readOptions(args‹: string[]›)‹: Options› {
  const text = (value‹: string›) => ({ type: "string"‹ as const›, default: value });
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      source: text("data/prices.json"),
      history: text("history.csv"),
      interval: text("60"),
      times: text("0"),
      above: { type: "string" },
      below: { type: "string" },
      change: { type: "string" },
${json ? '      json: { type: "boolean" },\n' : ""}    },
  });
  const number = (value‹: string | undefined›) => (value === undefined ? undefined : Number(value));
  const limits = { above: number(values.above), below: number(values.below), change: number(values.change) };
  return { ...values, interval: Number(values.interval), times: Number(values.times), limits, command: positionals[0] };
}

/** The exit code is 0, or 1 when there was no price or the command is unknown. */
export async function main(args‹: string[]›, print‹: (text: string) => void› = console.log, complain‹: (text: string) => void› = console.error) {
  const options = readOptions(args);
  if (options.command === "history") {
    print(await showHistory(options));
    return 0;
  }
  if (options.command !== "check" && options.command !== "watch") {
    complain(say("usage"));
    return 1;
  }
  const times = options.command === "check" ? 1 : options.times;
  for (let done = 0; times === 0 || done < times; done += 1) {
    if (done > 0) await pause(options.interval * 1000);
    try {
      print(await check(options));
    } catch (error) {
      complain(say("failed", { reason: ‹(›error‹ as Error)›.message }));
      return 1;
    }
  }
  return 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.exitCode = await main(process.argv.slice(2));
}
`;
}

export function monitorTestsJs(design: Design, symbol: string): string {
  const { json, name, emptyTest } = design;
  return `import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test‹, type TestContext› } from "node:test";
import { add, load, summarize } from "../src/${name}/history.js";
import { say } from "../src/${name}/messages.js";
import { alerts, changeOf } from "../src/${name}/rules.js";
import { priceIn } from "../src/${name}/source.js";
import { main } from "../${name}.js";

async function desk(t‹: TestContext›) {
  const folder = await mkdtemp(path.join(tmpdir(), "prices-"));
  t.after(() => rm(folder, { recursive: true }));
  const [history, source] = [path.join(folder, "history.csv"), path.join(folder, "prices.json")];
  await writeFile(source, JSON.stringify({ ${quote(symbol)}: [100, 104, 90] }));
  const call = async (...args‹: string[]›) => {
    const [output, error]‹: [string[], string[]]› = [[], []];
    const places = ["--source", source, "--history", history];
    const code = await main([...args, ...places], (line) => output.push(line), (line) => error.push(line));
    return { code, output: output.join("\\n"), error: error.join("\\n") };
  };
  return { history, source, call };
}

test("a price is found in every form", () => {
  for (const text of ["1390.5", '{"price": "1390.5"}', '{${quote(symbol)}: 1390.5}', '{${quote(symbol)}: [1, 1390.5]}'])
    assert.equal(priceIn(text, ${quote(symbol)}, 1), 1390.5);
});

test("recorded prices come one after another and begin again", () => {
  assert.deepEqual([0, 1, 2, 3].map((turn) => priceIn("[1, 2, 3]", "X", turn)), [1, 2, 3, 1]);
});

test("what is no price is refused", () => {
  for (const text of ["", "null", "true", "-1", "0", '{"other": 1}', "[]", '["a"]'])
    assert.throws(() => priceIn(text, "X"), RangeError);
});

test("a limit counts in the moment it is crossed", () => {
  assert.deepEqual(alerts([99, 101], { above: 100 }), ["above"]);
  assert.deepEqual(alerts([101, 102], { above: 100 }), []);
  assert.deepEqual(alerts([101, 99], { below: 100 }), ["below"]);
});

test("a large change counts in both directions, in percent of the price before", () => {
  assert.deepEqual(alerts([100, 103], { change: 3 }), ["change"]);
  assert.deepEqual(alerts([100, 97], { change: 3 }), ["change"]);
  assert.deepEqual(alerts([100, 102], { change: 3 }), []);
  assert.equal(changeOf([200, 210]), 5);
  assert.equal(changeOf([200]), 0);
});

test("what is kept can be read again", async (t‹: TestContext›) => {
  const { history } = await desk(t);
  await add(history, "2030-01-01T00:00:00Z", 1.5);
  assert.deepEqual(await load(history), [["2030-01-01T00:00:00Z", 1.5]]);
});

test("watching keeps every price and says what is crossed", async (t‹: TestContext›) => {
  const { call, history } = await desk(t);
  const { code, output } = await call("watch", "--times", "3", "--interval", "0", "--above", "103", "--below", "95");
  assert.equal(code, 0);
  assert.deepEqual((await load(history)).map(([, price]) => price), [100, 104, 90]);
  assert.ok(output.includes(say("alert_above", { symbol: ${quote(symbol)}, limit: 103 })));
  assert.ok(output.includes(say("alert_below", { symbol: ${quote(symbol)}, limit: 95 })));
});

test("the history is summed up", async (t‹: TestContext›) => {
  const { call } = await desk(t);
  await call("watch", "--times", "3", "--interval", "0");
  assert.match((await call("history")).output, /98\\.00/);
  assert.equal(summarize([100, 104, 90])‹?›.high, 104);
});

test("a source that is not there ends with 1 and says so", async (t‹: TestContext›) => {
  const { call, source } = await desk(t);
  await rm(source);
  const { code, output, error } = await call("check");
  assert.deepEqual([code, output], [1, ""]);
  assert.notEqual(error, "");
});
${
  json
    ? `
test("JSON output can be read back", async (t‹: TestContext›) => {
  const { call } = await desk(t);
  const { symbol, price } = JSON.parse((await call("check", "--json")).output);
  assert.deepEqual([symbol, price], [${quote(symbol)}, 100]);
});
`
    : ""
}${
  emptyTest
    ? `
test("an empty history has no figures", async (t‹: TestContext›) => {
  const { call } = await desk(t);
  assert.equal(summarize([]), null);
  assert.deepEqual(alerts([], { above: 1 }), []);
  assert.equal((await call("history")).output, say("no_history"));
});
`
    : ""
}`;
}
