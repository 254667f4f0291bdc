import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { Pool } from "undici";
import type { Row } from "../table.ts";
import { readMetrics } from "./read-metrics.ts";
import type { Bench } from "./set-up.ts";
import { eventsOf, PIECE_MS } from "./stream-content.ts";

const STREAMS = 64;
/** STREAM_SECONDS=300 for the five minutes that are promised. */
const SECONDS = Number(process.env.STREAM_SECONDS ?? 20);

/** So many streams at once for so long: every byte in its place, and memory that does not grow. */
export async function measureStreams({ gateway, tokens }: Bench): Promise<Row[]> {
  const pieces = Math.floor((SECONDS * 1000) / PIECE_MS);
  const expected = createHash("sha256");
  for (const event of eventsOf(pieces)) expected.update(event);
  const wanted = expected.digest("hex");
  const pool = new Pool(gateway.url, { connections: STREAMS });
  let over = false;
  const memory: number[] = [];
  const watch = (async () => {
    while (!over) {
      memory.push((await readMetrics(gateway.url)).rss);
      await delay(500);
    }
  })();
  const stream = async (n: number): Promise<boolean> => {
    const answer = await pool.request({
      method: "POST",
      path: "/v1/messages",
      headers: { "x-api-key": tokens[n % tokens.length] as string },
      body: JSON.stringify({
        model: "claude-haiku-5-5",
        max_tokens: pieces,
        stream: true,
        messages: [{ role: "user", content: "Count." }],
      }),
    });
    const hash = createHash("sha256");
    for await (const chunk of answer.body as AsyncIterable<Buffer>) hash.update(chunk);
    return hash.digest("hex") === wanted;
  };
  const right = await Promise.all(Array.from({ length: STREAMS }, (_, n) => stream(n)));
  over = true;
  await watch;
  await pool.destroy();
  const quarter = Math.floor(memory.length / 4);
  const early = mean(memory.slice(quarter, 2 * quarter));
  const late = mean(memory.slice(-quarter));
  return [
    {
      what: `${STREAMS} streams at once for ${SECONDS} s`,
      times: [],
      figures: `${right.filter(Boolean).length} whole and in order, memory ${mb(early)} in the second quarter, ${mb(late)} in the last`,
    },
  ];
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function mb(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`;
}
