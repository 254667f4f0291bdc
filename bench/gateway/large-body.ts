import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { Pool } from "undici";
import type { Row } from "../table.ts";
import { load } from "./load.ts";
import { readMetrics } from "./read-metrics.ts";
import type { Bench } from "./set-up.ts";

const BODY_BYTES = 10 * 1024 * 1024;
const REQUESTS = 10;
const PAGE = 4096;

// Made once: the measuring process must not stall itself.
const source = { type: "base64", media_type: "image/png", data: "A".repeat(BODY_BYTES) };
const messages = [{ role: "user", content: [{ type: "image", source }] }];
const IMAGE = Buffer.from(JSON.stringify({ model: "claude-haiku-5-5", max_tokens: 100, messages }));
const SMALL = JSON.stringify({
  model: "claude-haiku-5-5",
  max_tokens: 100,
  messages: [{ role: "user", content: "Hello" }],
});

/**
 * Requests with an image of 10 MB, one after the other, beside small calls: memory, stalls, and what the others feel;
 * and what they feel of the same images on their way through the pass-through, which does nothing but carry them.
 */
export async function measureLargeBody({ gateway, passThrough, tokens }: Bench): Promise<Row[]> {
  const limit = await measureOthers(passThrough.url, tokens);
  await readMetrics(gateway.url);
  const grown = await measureGrowth(gateway.pid, () => send(gateway.url, tokens[1] as string));
  await readMetrics(gateway.url);
  await delay(3000);
  const { stallMs: stallAlone } = await readMetrics(gateway.url);
  const ours = await measureOthers(gateway.url, tokens);
  const { stallMs } = await readMetrics(gateway.url);
  const felt = (p99s: Others) =>
    `p99 ${p99(p99s.alone).toFixed(1)} -> ${p99(p99s.beside).toFixed(1)} ms (${(p99(p99s.beside) / p99(p99s.alone)).toFixed(1)}x)`;
  return [
    {
      what: `pass-through: small calls beside ${REQUESTS} images of 10 MB`,
      times: limit.beside,
      figures: felt(limit),
    },
    {
      what: `gateway: small calls beside ${REQUESTS} images of 10 MB`,
      times: ours.beside,
      figures: [
        felt(ours),
        `memory of one +${(grown / BODY_BYTES).toFixed(1)}x its body`,
        `longest stall ${stallAlone.toFixed(0)} -> ${stallMs.toFixed(0)} ms`,
      ].join(", "),
    },
  ];
}

interface Others {
  /** milliseconds of each small call */
  alone: number[];
  beside: number[];
}

async function measureOthers(url: string, tokens: string[]): Promise<Others> {
  const calls = (seconds: number) =>
    load({ url, connections: 4, seconds, tokenOf: () => tokens[0] as string, body: SMALL });
  await send(url, tokens[1] as string);
  await calls(1);
  const alone = await calls(3);
  const beside = calls(3);
  for (let n = 0; n < REQUESTS; n += 1) await send(url, tokens[1] as string);
  return { alone: alone.times, beside: (await beside).times };
}

function p99(all: number[]): number {
  return all.toSorted((a, b) => a - b)[Math.floor(all.length * 0.99)] ?? Number.NaN;
}

/** How much more a process had resident at most while something was done, bytes. */
async function measureGrowth(pid: number, work: () => Promise<void>): Promise<number> {
  const before = await residentBytes(pid);
  let most = before;
  let over = false;
  const watch = (async () => {
    while (!over) {
      most = Math.max(most, await residentBytes(pid));
      await delay(2);
    }
  })();
  await work();
  over = true;
  await watch;
  return most - before;
}

async function send(url: string, token: string): Promise<void> {
  const pool = new Pool(url, { connections: 1 });
  const answer = await pool.request({
    method: "POST",
    path: "/v1/messages",
    headers: { "x-api-key": token },
    body: IMAGE,
  });
  await answer.body.dump();
  await pool.close();
  if (answer.statusCode !== 200) throw new Error(`an image was answered ${answer.statusCode}`);
}

async function residentBytes(pid: number): Promise<number> {
  const statm = await readFile(`/proc/${pid}/statm`, "utf8");
  return Number(statm.split(" ")[1]) * PAGE;
}
