import type { Design } from "../../design.ts";
import { quote } from "../write-source.ts";

export function wordsModuleJs(): string {
  return `// Splits a text into words, whatever the script.

const WORD = /[\\p{L}\\p{N}\\p{M}]+(?:['’-][\\p{L}\\p{N}\\p{M}]+)*/gu;

/** The words in lower case, in the order of the text; "don't" and "well-known" are one word each. */
export function splitWords(text‹: string›)‹: string[]› {
  return text.toLowerCase().match(WORD) ?? [];
}
`;
}

export function countModuleJs(): string {
  return `// The figures of one text.

import { splitWords } from "./words.js";

/** Lines, words and characters; a last line without a line break counts too. */
export function count(text‹: string›) {
  const lines = text.split(/\\r\\n|\\r|\\n/);
  if (lines.at(-1) === "") lines.pop();
  return { lines: lines.length, words: splitWords(text).length, characters: [...text].length };
}

/** Up to \`limit\` pairs of word and number, the most frequent first, ties in the order of the alphabet. */
export function mostFrequent(text‹: string›, limit‹: number›) {
  const numbers = new Map‹<string, number>›();
  for (const word of splitWords(text)) numbers.set(word, (numbers.get(word) ?? 0) + 1);
  return [...numbers].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, limit);
}
`;
}

export function counterMainJs(design: Design, top: number): string {
  const json = design.json;
  return `#!/usr/bin/env node
import { readFileSync, realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { count, mostFrequent } from "./src/${design.name}/count.js";
import { say } from "./src/${design.name}/messages.js";

const OPTIONS = {
  top: { type: "string", default: "${top}" },
  help: { type: "boolean", short: "h" },
${json ? '  json: { type: "boolean" },\n' : ""}}‹ as const›;

function read(name‹: string›) {
  const data = readFileSync(name === "-" ? 0 : name);
  return new TextDecoder("utf-8", { fatal: true }).decode(data);
}

/** What the person sees about one text. */
export function report(name‹: string›, text‹: string›, top‹: number›${json ? ", asJson = false" : ""}) {
${json ? "  if (asJson) {\n    return JSON.stringify({ name, ...count(text), frequent: Object.fromEntries(mostFrequent(text, top)) });\n  }\n" : ""}  const frequent = mostFrequent(text, top).map(([word, number]) => \`  \${String(number).padStart(6)}  \${word}\`);
  return [say("counts", { name, ...count(text) }), ...frequent].join("\\n");
}

/** The exit code: 0, 1 when a file could not be read, 2 when the command line is wrong. */
export function main(args‹: string[]›) {
  let options‹: { values: { top: string; help?: boolean; json?: boolean }; positionals: string[] }›;
  try {
    options = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    if (!/^\\d+$/.test(options.values.top)) throw new Error(say("bad_top"));
  } catch (error) {
    console.error(‹(›error‹ as Error)›.message);
    return 2;
  }
  const { values, positionals } = options;
  if (values.help) {
    console.log(\`\${say("description")}\\n\${say("usage", { command: ${quote(design.name)} })}\`);
    return 0;
  }
  let code = 0;
  for (const name of positionals.length > 0 ? positionals : ["-"]) {
    let text‹: string›;
    try {
      text = read(name);
    } catch {
      // Missing, a folder, not UTF-8: the same to the person; the other files still count.
      console.error(say("unreadable", { name }));
      code = 1;
      continue;
    }
    console.log(report(name, text, Number(values.top)${json ? ", values.json" : ""}));
  }
  return code;
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  process.exitCode = main(process.argv.slice(2));
}
`;
}

export function counterTestsJs(design: Design): string {
  return `import assert from "node:assert/strict";
import { test } from "node:test";
import { report } from "../${design.name}.js";
import { count, mostFrequent } from "../src/${design.name}/count.js";
import { splitWords } from "../src/${design.name}/words.js";

test("lines, words and characters", () => {
  assert.deepEqual(count("one two\\nthree\\n"), { lines: 2, words: 3, characters: 14 });
});

test("a last line without a break counts", () => assert.equal(count("one\\ntwo").lines, 2));

test("case and punctuation do not matter", () => {
  assert.deepEqual(splitWords("Stop! stop, STOP... don't"), ["stop", "stop", "stop", "don't"]);
});

test("words of other scripts count, an emoji is one character", () => {
  assert.equal(count("안녕 세계 🎉 こんにちは").words, 3);
  assert.equal(count("🎉").characters, 1);
});

test("the most frequent come first, ties by alphabet", () => {
  assert.deepEqual(mostFrequent("b a b c a d", 3), [["a", 2], ["b", 2], ["c", 1]]);
});

test("words that are names of object members count like others", () => {
  assert.deepEqual(mostFrequent("constructor constructor", 1), [["constructor", 2]]);
});

test("the report names the file and its words", () => {
  assert.match(report("poem.txt", "tea tea", 1), /poem\\.txt[^]*2  tea/);
});
${
  design.json
    ? `
test("JSON output can be read back", () => {
  assert.deepEqual(JSON.parse(report("x", "a b a", 5, true)).frequent, { a: 2, b: 1 });
});
`
    : ""
}${
  design.emptyTest
    ? `
test("an empty text has no words", () => {
  assert.deepEqual(count(""), { lines: 0, words: 0, characters: 0 });
  assert.deepEqual(mostFrequent("", 5), []);
});
`
    : ""
}`;
}
