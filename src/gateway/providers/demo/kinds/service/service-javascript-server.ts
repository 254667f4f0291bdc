import { quote } from "../write-source.ts";
import type { ServiceShape } from "./service-shape.ts";

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
