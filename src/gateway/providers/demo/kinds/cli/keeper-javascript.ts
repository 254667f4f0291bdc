import { quote } from "../write-source.ts";
import { filtersOf, hasKind, type KeeperShape } from "./keeper-shape.ts";

const READ_DATE = `
function readDate(text‹: string›) {
  const value = text.trim();
  const day = new Date(\`\${value}T00:00:00Z\`);
  // Date turns 30 February into 2 March, so the text must come back as it was.
  const real = /^\\d{4}-\\d{2}-\\d{2}$/.test(value) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
  if (!real) throw new InvalidValue(say("not_date", { value: text }));
  return value;
}
`;
const READ_AMOUNT = `
function readAmount(text‹: string›) {
  const plain = text.trim().replaceAll(",", "");
  if (!/^\\d{1,12}(\\.\\d{1,2})?$/.test(plain) || Number(plain) === 0) {
    throw new InvalidValue(say("not_amount", { value: text }));
  }
  return Number(plain).toFixed(2);
}
`;
const READ_TAGS = `
function readTags(text‹: string›) {
  const tags = text.split(",").map((tag) => tag.trim().toLowerCase());
  return [...new Set(tags)].filter((tag) => tag !== "").sort();
}
`;
const CHOICE_OF = `
function choiceOf(...choices‹: string[]›) {
  return (text‹: string›) => {
    const value = text.trim().toLowerCase();
    if (!choices.includes(value)) {
      throw new InvalidValue(say("not_choice", { value: text, choices: choices.join(", ") }));
    }
    return value;
  };
}
`;

const READER = { text: "readText", date: "readDate", amount: "readAmount", tags: "readTags" };

export function javascriptEntries(shape: KeeperShape): string {
  const rows = shape.fields.map((field) => {
    const reader =
      field.kind === "choice"
        ? `choiceOf(${(field.choices ?? []).map(quote).join(", ")})`
        : READER[field.kind];
    return `  ${field.name}: ${reader},`;
  });
  const defaults = shape.fields.flatMap((field) =>
    field.fallback ? [`${field.name}: ${quote(field.fallback)}`] : [],
  );
  return `// What one entry holds, and how a person's text becomes a checked value.

import { say } from "./messages.js";

‹export interface Entry { id: number;${shape.ticks ? " done: boolean;" : ""} [field: string]: unknown }
/** What a command is given, by name. */
export type Options = Record<string, string | boolean | undefined>;

›/** The text does not fit the field. The message is meant for the person. */
export class InvalidValue extends Error {}

function readText(text‹: string›) {
  const value = text.trim().replace(/\\s+/g, " ");
  if (value === "") throw new InvalidValue(say("empty"));
  return value;
}
${hasKind(shape, "choice") ? CHOICE_OF : ""}${hasKind(shape, "date") ? READ_DATE : ""}${hasKind(shape, "amount") ? READ_AMOUNT : ""}${hasKind(shape, "tags") ? READ_TAGS : ""}
export const MAIN = ${quote(shape.main)};
export const FIELDS‹: Record<string, (text: string) => string | string[]>› = {
  [MAIN]: readText,
${rows.length > 0 ? `${rows.join("\n")}\n` : ""}};
const DEFAULTS‹: Record<string, string>› = {${defaults.length > 0 ? ` ${defaults.join(", ")} ` : ""}};

/** A checked entry from texts by field name; absent ones are left out. Throws InvalidValue. */
export function makeEntry(number‹: number›, values‹: Options›) {
  const entry‹: Entry› = { id: number${shape.ticks ? ", done: false" : ""} };
  for (const [name, read] of Object.entries(FIELDS)) {
    const text = values[name] ?? DEFAULTS[name];
    if (typeof text === "string") entry[name] = read(text);
  }
  return entry;
}

/** The texts of a field; none when it is empty. */
export function textsOf(entry‹: Entry›, name‹: string›) {
  return [entry[name] ?? []].flat().map(String);
}

/** One line for a person. */
export function describe(entry‹: Entry›) {
  const details = Object.keys(FIELDS)
    .filter((name) => name !== MAIN && textsOf(entry, name).length > 0)
    .map((name) => \`\${say(\`label_\${name}\`)}: \${textsOf(entry, name).join(", ")}\`);
  const line = \`\${entry.id}. ${shape.ticks ? `\${entry.done ? "[x] " : "[ ] "}` : ""}\${entry[MAIN]}\`;
  return details.length > 0 ? \`\${line} (\${details.join("; ")})\` : line;
}
`;
}

export function javascriptStore(shape: KeeperShape): string {
  return `// The entries in one JSON file.

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { ‹type Entry, ›MAIN } from "./entries.js";
import { say } from "./messages.js";

/** The file cannot be used. The message is meant for the person. */
export class StoreError extends Error {}

const isEntry = (value‹: Entry | null›) =>
  Number.isInteger(value?.id) && typeof value?.[MAIN] === "string"${shape.ticks ? ' && typeof value.done === "boolean"' : ""};

/** The stored entries; none when there is no file yet. Throws StoreError. */
export function load(path‹: string›)‹: Entry[]› {
  let text‹: string›;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    if (‹(›cause‹ as { code?: string })›.code === "ENOENT") return [];
    throw new StoreError(say("unreadable", { path }), { cause });
  }
  let entries‹: unknown›;
  try {
    entries = JSON.parse(text);
  } catch (cause) {
    throw new StoreError(say("damaged", { path }), { cause });
  }
  if (!Array.isArray(entries) || !entries.every(isEntry)) throw new StoreError(say("damaged", { path }));
  return entries;
}

/** Replaces the file in one step, so that a crash never leaves half of it. Throws StoreError. */
export function save(path‹: string›, entries‹: Entry[]›) {
  try {
    writeFileSync(\`\${path}.new\`, \`\${JSON.stringify(entries, null, 2)}\\n\`);
    renameSync(\`\${path}.new\`, path);
  } catch (cause) {
    throw new StoreError(say("unreadable", { path }), { cause });
  }
}
`;
}

export function javascriptCommands(shape: KeeperShape): string {
  const filters = filtersOf(shape);
  const narrow = [
    ...(filters.length > 0 ? ["FILTERS.every((name) => fits(entry, name, options[name]))"] : []),
    ...(shape.ticks ? ["!(options.open && entry.done)"] : []),
  ];
  return `// The commands: each takes the entries and gives the new ones with a text for the person.

import { describe, ‹type Entry, ›makeEntry‹, type Options›${filters.length > 0 ? ", textsOf" : ""} } from "./entries.js";
import { say } from "./messages.js";
${filters.length > 0 ? `\nconst FILTERS = [${filters.map((field) => quote(field.name)).join(", ")}];\n` : ""}
‹/** The entries afterwards, and a text for the person. */
export type Outcome = [entries: Entry[], text: string];

›/** No entry has that number. The message is meant for the person. */
export class NoSuchEntry extends Error {}

function find(entries‹: Entry[]›, number‹: unknown›) {
  const entry = entries.find((one) => String(one.id) === number);
  if (!entry) throw new NoSuchEntry(say("no_entry", { number }));
  return entry;
}
${
  filters.length > 0
    ? `
function fits(entry‹: Entry›, name‹: string›, wanted‹: Options[string]›) {
  return wanted === undefined || textsOf(entry, name).includes(String(wanted));
}
`
    : ""
}
export function add(entries‹: Entry[]›, options‹: Options›)‹: Outcome› {
  const number = 1 + Math.max(0, ...entries.map((entry) => entry.id));
  const entry = makeEntry(number, options);
  return [[...entries, entry], say("added", { entry: describe(entry) })];
}

export function list(entries‹: Entry[]›${narrow.length > 0 || shape.design.json ? ", options‹: Options›" : ""})‹: Outcome› {
  const chosen = ${narrow.length > 0 ? `entries.filter((entry) => ${narrow.join(" && ")})` : "entries"};
${shape.design.json ? "  if (options.json) return [entries, JSON.stringify(chosen, null, 2)];\n" : ""}  return [entries, chosen.map(describe).join("\\n") || say("nothing")];
}
${
  shape.ticks
    ? `
export function done(entries‹: Entry[]›, options‹: Options›)‹: Outcome› {
  const entry = { ...find(entries, options.number), done: true };
  return [entries.map((one) => (one.id === entry.id ? entry : one)), say("done", { entry: describe(entry) })];
}
`
    : ""
}${
  shape.totals
    ? `
export function total(entries‹: Entry[]›)‹: Outcome› {
  // Cents, because sums of fractions drift.
  const cents = entries.reduce((sum, entry) => sum + Math.round(Number(entry.amount ?? 0) * 100), 0);
  return [entries, say("total", { total: (cents / 100).toFixed(2) })];
}
`
    : ""
}
export function remove(entries‹: Entry[]›, options‹: Options›)‹: Outcome› {
  const entry = find(entries, options.number);
  return [entries.filter((one) => one !== entry), say("removed", { entry: describe(entry) })];
}
`;
}
