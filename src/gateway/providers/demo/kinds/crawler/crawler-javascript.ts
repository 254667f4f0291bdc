import type { Design } from "../../design.ts";

export const javascriptParse =
  (): string => `// Title and links of a page; broken HTML gives what can be read of it.

const ENTITIES‹: Record<string, string>› = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

const plain = (text‹: string›) =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => ENTITIES[name]).replace(/\\s+/g, " ").trim();

/** What the page says of itself. */
export function readPage(html‹: string›) {
  const bare = html.replace(/<!--[^]*?-->/g, "");
  const title = plain(/<title[^>]*>([^<]*)/i.exec(bare)?.[1] ?? "");
  const anchors = bare.matchAll(/<a\\s[^>]*?\\bhref\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>"']+))[^>]*>/gi);
  const links = [...anchors].map(([, double, single, bare]) => plain(double ?? single ?? bare));
  return { title, links: links.filter((link) => link !== "") };
}

/** Whole addresses of what a page links to, once each, without the places inside of pages. */
export function linksFrom(links‹: string[]›, address‹: string›) {
  const found = links.flatMap((link) => (URL.canParse(link, address) ? [new URL(link, address)] : []));
  for (const url of found) url.hash = "";
  const wanted = found.filter((url) => ["http:", "https:", "file:"].includes(url.protocol));
  return [...new Set(wanted.map((url) => url.href))];
}
`;

export const javascriptCrawl = (): string => `// Goes from page to page, the nearest first, each one once.

import { linksFrom, readPage } from "./parse.js";
import { fetchPage, firstAddress, rootOf } from "./source.js";
‹
export interface Found {
  pages: { address: string; title: string }[];
  broken: { address: string; from: string }[];
  outside: string[];
}
›
/** Pages, broken links and links to elsewhere; addresses of the site are short. */
export async function crawl(start‹: string›, most = 100)‹: Promise<Found>› {
  const first = firstAddress(start);
  const root = rootOf(first);
  const short = (address‹: string›) => address.slice(root.length) || "/";
  const known = new Set([first]);
  const waiting = [{ address: first, from: "" }];
  const found‹: Found› = { pages: [], broken: [], outside: [] };
  for (let next = waiting.shift(); next && found.pages.length < most; next = waiting.shift()) {
    const address = short(next.address);
    const text = await fetchPage(next.address, root);
    if (text === null) found.broken.push({ address, from: next.from });
    if (!text) continue;
    const { title, links } = readPage(text);
    found.pages.push({ address, title });
    for (const link of linksFrom(links, next.address)) {
      if (known.has(link)) continue;
      known.add(link);
      if (link.startsWith(root)) waiting.push({ address: link, from: address });
      else found.outside.push(link);
    }
  }
  found.outside.sort();
  return found;
}
`;

export const javascriptCrawlerMain = ({ name, json }: Design): string => `#!/usr/bin/env node
// The command line: node ${name}.js sample
import { realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { crawl‹, type Found› } from "./src/${name}/crawl.js";
import { say } from "./src/${name}/messages.js";
import { NotLocal } from "./src/${name}/source.js";

const HELP = ["start", "most"${json ? ', "json"' : ""}].map((one) => \`  \${one.padEnd(6)}\${say(\`help_\${one}\`)}\`).join("\\n");

/** What a person sees of it. */
function report({ pages, broken, outside }‹: Found›) {
  const count = { pages: pages.length, broken: broken.length, outside: outside.length };
  return [
    ...pages.map(({ address, title }) => say("page", { address, title: title || say("untitled") })),
    ...broken.map((link) => say("broken", { ...link })),
    say("total", count),
  ].join("\\n");
}

/** The exit code: 0, 1 when the start is no place of this machine, 2 when the command line is wrong. */
export async function main(args‹: string[]›, print‹: (text: string) => void›, complain‹: (text: string) => void›) {
  let given‹: { values: { most: string; help?: boolean; json?: boolean }; positionals: string[] }›;
  try {
    const most = { type: "string"‹ as const›, default: "100" };
    const flag = { type: "boolean"‹ as const› };
    given = parseArgs({ args, options: { most, help: flag${json ? ", json: flag" : ""} }, allowPositionals: true });
  } catch (error) {
    complain(‹(›error‹ as Error)›.message);
    return 2;
  }
  const { values, positionals } = given;
  if (values.help || positionals.length !== 1) {
    (values.help ? print : complain)(\`\${say("description")}\\n\${HELP}\`);
    return values.help ? 0 : 2;
  }
  try {
    const found = await crawl(positionals[0], Number(values.most));
    print(${json ? "values.json ? JSON.stringify(found, null, 2) : " : ""}report(found));
    return 0;
  } catch (error) {
    if (!(error instanceof NotLocal)) throw error;
    complain(error.message);
    return 1;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  process.exitCode = await main(process.argv.slice(2), console.log, console.error);
}
`;
