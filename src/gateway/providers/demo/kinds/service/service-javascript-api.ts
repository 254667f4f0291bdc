import { quote } from "../write-source.ts";
import type { ServiceShape } from "./service-shape.ts";

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
