import { quote } from "../write-source.ts";
import { filtersOf, type KeeperShape } from "./keeper-shape.ts";

export function javascriptCli(shape: KeeperShape): string {
  const { design, fields, main } = shape;
  const required = fields.filter((field) => field.required);
  const optional = fields.filter((field) => !field.required);
  const narrow = [
    ...filtersOf(shape).map((field) => `[--${field.name} …]`),
    ...(shape.ticks ? ["[--open]"] : []),
    ...(design.json ? ["[--json]"] : []),
  ];
  const commands = [
    {
      name: "add",
      takes: [main, ...required.map((field) => field.name)],
      options: optional.map((field) => `[--${field.name} …]`),
    },
    { name: "list", takes: [], options: narrow },
    ...(shape.ticks ? [{ name: "done", takes: ["number"], options: [] }] : []),
    ...(shape.totals ? [{ name: "total", takes: [], options: [] }] : []),
    { name: "remove", takes: ["number"], options: [] },
  ];
  const rows = commands.map(
    ({ name, takes, options }) =>
      `  ${name}: { act: commands.${name}, takes: [${takes.map(quote).join(", ")}], usage: ${quote(
        [name, ...takes.map((one) => `<${one}>`), ...options].join(" "),
      )} },`,
  );
  const options = [
    'help: { type: "boolean", short: "h" }',
    `file: { type: "string", default: ${quote(`${design.name}.json`)} }`,
    ...optional.map((field) => `${field.name}: { type: "string" }`),
    ...(shape.ticks ? ['open: { type: "boolean" }'] : []),
    ...(design.json ? ['json: { type: "boolean" }'] : []),
  ];
  return `// Reads the command line, runs one command and says what came of it.

import { parseArgs } from "node:util";
import * as commands from "./commands.js";
import { ‹type Entry, ›InvalidValue‹, type Options› } from "./entries.js";
import { say } from "./messages.js";
import { load, StoreError, save } from "./store.js";

‹interface Command {
  act: (entries: Entry[], options: Options) => commands.Outcome;
  takes: string[];
  usage: string;
}

›const COMMANDS‹: Record<string, Command>› = {
${rows.join("\n")}
};
const OPTIONS = {
  ${options.join(",\n  ")},
}‹ as const›;

/** The command line itself is wrong. */
class UsageError extends Error {}

function usage() {
  const width = Math.max(...Object.values(COMMANDS).map((command) => command.usage.length));
  return [
    say("usage", { command: ${quote(design.name)} }),
    say("description"),
    "",
    ...Object.entries(COMMANDS).map(([name, { usage }]) => \`  \${usage.padEnd(width)}  \${say(\`help_\${name}\`)}\`),
    \`  \${"--file <path>".padEnd(width)}  \${say("help_file")}\`,
  ].join("\\n");
}

function run(argv‹: string[]›) {
  const { values, positionals } = parseArgs({ args: argv, options: OPTIONS, allowPositionals: true });
  if (values.help) return usage();
  const [name = "", ...given] = positionals;
  if (!Object.hasOwn(COMMANDS, name)) throw new UsageError(name ? say("unknown", { command: name }) : usage());
  const command = COMMANDS[name];
  if (given.length !== command.takes.length) throw new UsageError(say("missing", { usage: command.usage }));
  const taken = Object.fromEntries(command.takes.map((key, index) => [key, given[index]]));
  const before = load(values.file);
  const [after, text] = command.act(before, { ...values, ...taken });
  if (after !== before) save(values.file, after);
  return text;
}

/** The exit code: 0, 1 when the command could not be carried out, 2 when the command line is wrong. */
export function main(argv‹: string[]›, print‹: (text: string) => void›, printError‹: (text: string) => void›) {
  try {
    print(run(argv));
    return 0;
  } catch (error) {
    const { code, message } = error‹ as { code?: string; message: string }›;
    const misused = error instanceof UsageError || String(code).startsWith("ERR_PARSE_ARGS");
    const refused = [InvalidValue, StoreError, commands.NoSuchEntry].some((kind) => error instanceof kind);
    if (!misused && !refused) throw error;
    printError(message);
    return misused ? 2 : 1;
  }
}
`;
}
