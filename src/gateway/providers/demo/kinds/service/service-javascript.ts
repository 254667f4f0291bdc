import { quote } from "../write-source.ts";
import type { ServiceShape } from "./service-shape.ts";

export const javascriptStore = ({
  main,
  ticks,
}: ServiceShape): string => `// The records, by number, in one JSON file.

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { say } from "./messages.js";

‹export interface Values { ${main}: string;${ticks ? " done: boolean;" : ""} }
export interface Item extends Values { id: number }

›/** The file cannot be used. The message is meant for the person. */
export class StoreError extends Error {}

function read(path‹: string›)‹: Item[]› {
  try {
    const records = JSON.parse(readFileSync(path, "utf8"));
    if (Array.isArray(records) && records.every((one) => Number.isInteger(one?.id))) return records;
  } catch (cause) {
    throw new StoreError(say("damaged", { path }), { cause });
  }
  throw new StoreError(say("damaged", { path }));
}

/** Without a path it keeps everything in memory. */
export function openStore(path‹?: string›) {
  let records‹: Item[]› = path && existsSync(path) ? read(path) : [];

  function keep(next‹: Item[]›) {
    // The file is replaced in one step, so that a crash never leaves half of it.
    if (path) {
      writeFileSync(\`\${path}.new\`, \`\${JSON.stringify(next, null, 2)}\\n\`);
      renameSync(\`\${path}.new\`, path);
    }
    records = next;
  }

  return {
    all: () => records,
    get: (id‹: number›) => records.find((record) => record.id === id),
    add(values‹: Values›) {
      const record = { id: 1 + Math.max(0, ...records.map(({ id }) => id)), ...values };
      keep([...records, record]);
      return record;
    },
    change(id‹: number›, values‹: Partial<Values>›) {
      keep(records.map((record) => (record.id === id ? { ...record, ...values } : record)));
      return records.find((record) => record.id === id);
    },
    remove(id‹: number›) {
      keep(records.filter((record) => record.id !== id));
    },
  };
}
‹
export type Store = ReturnType<typeof openStore>;
›`;

export const javascriptApi = ({
  plural,
  main,
  ticks,
}: ServiceShape): string => `// What is answered to each request: a method, an address and a body become a status and a value.

import { say } from "./messages.js";
‹import type { Store, Values } from "./store.js";
›
const FIELDS‹: Record<string, string>› = { ${main}: "string"${ticks ? ', done: "boolean"' : ""} };
const START‹: Values› = { ${main}: ""${ticks ? ", done: false" : ""} };
const PATH = /^\\/${plural}(?:\\/([0-9]{1,15}))?$/;
‹
export interface Answer { status: number; value?: unknown }
›
/** The request cannot be answered. Carries the status; the message is meant for the person. */
class Refused extends Error {
‹  status: number;

›  constructor(status‹: number›, message‹: string›) {
    super(message);
    this.status = status;
  }
}

/** The checked values of a body. Throws Refused. */
function readBody(body‹: string›)‹: Partial<Values>› {
  const given = readJson(body);
  if (given === null || typeof given !== "object" || Array.isArray(given)) throw new Refused(400, say("not_json"));
  for (const [field, value] of Object.entries(given)) {
    const fits = Object.hasOwn(FIELDS, field) && typeof value === FIELDS[field];
    if (!fits || (typeof value === "string" && value.trim() === "")) throw new Refused(422, say("bad_value", { field }));
  }
  return given;
}

function readJson(text‹: string›)‹: unknown› {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function collection(store‹: Store›, method‹: string›, query‹: URLSearchParams›, body‹: string›)‹: Answer› {
  if (method === "GET") {
    const search = (query.get("search") ?? "").toLowerCase();
    return { status: 200, value: store.all().filter((record) => record.${main}.toLowerCase().includes(search)) };
  }
  if (method !== "POST") throw new Refused(405, say("not_allowed", { method }));
  const values = { ...START, ...readBody(body) };
  if (values.${main} === "") throw new Refused(422, say("bad_value", { field: ${quote(main)} }));
  return { status: 201, value: store.add(values) };
}

function oneRecord(store‹: Store›, method‹: string›, id‹: number›, path‹: string›, body‹: string›)‹: Answer› {
  const record = store.get(id);
  if (!record) throw new Refused(404, say("not_found", { path }));
  if (method === "GET") return { status: 200, value: record };
  if (method === "PATCH") return { status: 200, value: store.change(id, readBody(body)) };
  if (method !== "DELETE") throw new Refused(405, say("not_allowed", { method }));
  store.remove(id);
  return { status: 204 };
}

/** Status and value; errors are values too: {"error": …}. */
export function answer(store‹: Store›, method‹: string›, target‹: string›, body = "")‹: Answer› {
  const [path = "", query = ""] = target.split("?");
  try {
    const found = PATH.exec(path);
    if (!found) throw new Refused(404, say("not_found", { path }));
    if (found[1] === undefined) return collection(store, method, new URLSearchParams(query), body);
    return oneRecord(store, method, Number(found[1]), path, body);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { status: error.status, value: { error: error.message } };
  }
}
`;

export const javascriptServer = (): string => `// The answers over HTTP, on this machine alone.

import { createServer‹, type IncomingMessage› } from "node:http";
import { answer } from "./api.js";
import { say } from "./messages.js";
‹import type { Store } from "./store.js";
›
export const LIMIT = 65536;

/** The body's text, or null when it is larger than the limit. */
async function bodyOf(request‹: IncomingMessage›)‹: Promise<string | null>› {
  let text = "";
  let size = 0;
  request.setEncoding("utf8");
  for await (const chunk of request) {
    size += new TextEncoder().encode(chunk).length;
    if (size <= LIMIT) text += chunk;
  }
  return size > LIMIT ? null : text;
}

async function respond(store‹: Store›, request‹: IncomingMessage›) {
  const body = await bodyOf(request);
  if (body === null) return { status: 413, value: { error: say("too_large", { limit: LIMIT }) } };
  return answer(store, request.method ?? "GET", request.url ?? "/", body);
}

/** Listens on a port of 127.0.0.1; port 0 takes a free one. */
export function serve(store‹: Store›, port‹: number›)‹: Promise<{ port: number; close: () => Promise<void> }>› {
  const server = createServer((request‹: IncomingMessage›, response‹: import("node:http").ServerResponse›) => {
    respond(store, request).then(
      ({ status, value }) => {
        response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
        response.end(value === undefined ? "" : JSON.stringify(value));
      },
      () => response.destroy(),
    );
  });
  const close = () =>
    new Promise‹<void>›((resolve) => {
      server.close(() => resolve(‹undefined›));
      server.closeAllConnections();
    });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve({ port: typeof address === "object" && address ? address.port : port, close });
    });
  });
}
`;

export const javascriptServiceMain = ({ design, plural, main, samples }: ServiceShape): string => {
  const { name } = design;
  return `#!/usr/bin/env node
import { realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { say } from "./src/${name}/messages.js";
import { serve } from "./src/${name}/server.js";
import { openStore, StoreError } from "./src/${name}/store.js";

const HELP = ["port", "file", "try"].map((one) => \`  --\${one.padEnd(6)}\${say(\`help_\${one}\`)}\`).join("\\n");

/** Adds one record over the network and gives the list as the service answers it. */
async function tryOut(address‹: string›) {
  await fetch(address, { method: "POST", body: JSON.stringify({ ${main}: ${quote(samples[0])} }) });
  return (await fetch(address)).text();
}

/** Starts the service. The exit code: 0, 1 when the file cannot be used, 2 when the command line is wrong. */
export async function main(args‹: string[]›, print‹: (text: string) => void›, complain‹: (text: string) => void›) {
  let values‹: { port: string; file: string; try?: boolean; help?: boolean }›;
  try {
    const text = (value‹: string›) => ({ type: "string"‹ as const›, default: value });
    const flag = { type: "boolean"‹ as const› };
    const options = { port: text("8000"), file: text(${quote(`${name}.json`)}), try: flag, help: flag };
    values = parseArgs({ args, options }).values;
  } catch (error) {
    complain(‹(›error‹ as Error)›.message);
    return 2;
  }
  if (values.help) {
    print(\`\${say("description")}\\n\${HELP}\`);
    return 0;
  }
  try {
    const server = await serve(openStore(values.try ? undefined : values.file), values.try ? 0 : Number(values.port));
    const address = \`http://127.0.0.1:\${server.port}/${plural}\`;
    print(say("listening", { address }));
    if (!values.try) return 0;
    print(await tryOut(address));
    await server.close();
    print(say("stopped"));
    return 0;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    complain(error.message);
    return 1;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  process.exitCode = await main(process.argv.slice(2), console.log, console.error);
}
`;
};
