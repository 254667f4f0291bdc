import type { Design } from "../../design.ts";
import { quote } from "../write-source.ts";
import { escapeHtml, frame } from "./page-frame.ts";
import { entriesOf, PAGE_ABOUT, PAGE_MESSAGES } from "./page-texts.ts";

export const htmlFile = ({ human, title, name }: Design): string =>
  frame({
    lang: human,
    title: escapeHtml(title),
    intro: PAGE_ABOUT[human],
    search: PAGE_MESSAGES.search?.[human] ?? "",
    count: "",
    list: "",
    style: '<link rel="stylesheet" href="style.css" />',
    script: `<script type="module" src="src/${name}/page.js"></script>`,
  });

export const itemsModule = (design: Design): string => `// What the page shows.
‹
export interface Item { name: string; text: string }
›
export const ITEMS‹: Item[]› = [
${entriesOf(design)
  .map(([name, text]) => `  { name: ${quote(name)}, text: ${quote(text)} },`)
  .join("\n")}
];
`;

export const listModule = (): string => `// Search and the list's HTML, without a browser.

‹import type { Item } from "./items.js";
›import { say } from "./messages.js";

const ENTITIES‹: Record<string, string>› = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** The text as HTML shows it, whatever it holds. */
export function escapeHtml(text‹: string›) {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character]);
}

/** The items whose name or text holds the query, in any case. */
export function findItems(items‹: Item[]›, query‹: string›) {
  const wanted = query.trim().toLowerCase();
  return items.filter(({ name, text }) => \`\${name} \${text}\`.toLowerCase().includes(wanted));
}

export function listOf(items‹: Item[]›) {
  return items
    .map(({ name, text }) => \`<li>\${escapeHtml(name)}\${text ? \`<small>\${escapeHtml(text)}</small>\` : ""}</li>\`)
    .join("");
}

/** How many of all fit, or that none does. */
export function countOf(items‹: Item[]›, query‹: string›) {
  const count = findItems(items, query).length;
  return count === 0 ? say("nothing", { query: query.trim() }) : say("count", { count, all: items.length });
}
`;

export const pageModule = (): string => `// Ties the list to the page.

import { ITEMS } from "./items.js";
import { countOf, findItems, listOf } from "./list.js";

const search = document.getElementById("search")‹ as HTMLInputElement›;
const list = document.getElementById("list")‹ as HTMLElement›;
const count = document.getElementById("count")‹ as HTMLElement›;

function show() {
  list.innerHTML = listOf(findItems(ITEMS, search.value));
  count.textContent = countOf(ITEMS, search.value);
}

search.addEventListener("input", show);
show();
`;

export const pageMain = ({ name }: Design): string => `#!/usr/bin/env node
// Writes the page as one file: node ${name}.js
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
‹import { stripTypeScriptTypes } from "node:module";
›import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { say } from "./src/${name}/messages.js";

// In the order in which they need each other.
const SCRIPTS = [${["messages", "items", "list", "page"].map((one) => quote(`src/${name}/${one}.js`)).join(", ")}];

const read = (path‹: string›)‹: string› => readFileSync(new URL(path, import.meta.url), "utf8");

/** The modules as one script that needs no other file. */
export function script() {
  const modules = SCRIPTS.map((path) => ‹stripTypeScriptTypes(›read(path)‹)›);
  const joined = modules.join("\\n").replace(/^import .*\\n/gm, "").replace(/^export /gm, "");
  // "</" would end the script's element.
  return \`(() => {\\n\${joined}})();\\n\`.replaceAll("</", "<\\\\/");
}

/** The whole page. */
export function page() {
  return read("index.html")
    .replace(/<link rel="stylesheet"[^>]*>/, () => \`<style>\\n\${read("style.css")}</style>\`)
    .replace(/<script type="module"[^>]*>/, () => \`<script>\\n\${script()}\`);
}

/** The exit code: 0, or 2 when the command line is wrong. */
export function main(args‹: string[]›, print‹: (text: string) => void›, complain‹: (text: string) => void›) {
  let values‹: { output: string; help?: boolean }›;
  try {
    const output = { type: "string"‹ as const›, default: "dist" };
    values = parseArgs({ args, options: { output, help: { type: "boolean" } } }).values;
  } catch (error) {
    complain(‹(›error‹ as Error)›.message);
    return 2;
  }
  if (values.help) {
    print(\`\${say("description")}\\n  --output  \${say("help_output")}\`);
    return 0;
  }
  const path = join(values.output, "index.html");
  mkdirSync(values.output, { recursive: true });
  writeFileSync(path, page());
  print(say("written", { path }));
  return 0;
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  process.exitCode = main(process.argv.slice(2), console.log, console.error);
}
`;
