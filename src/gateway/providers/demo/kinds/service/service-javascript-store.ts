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
