import { setTimeout as delay } from "node:timers/promises";
import { cpuOf } from "./gateway/cpu.ts";
import { measureLargeBody } from "./gateway/large-body.ts";
import { load } from "./gateway/load.ts";
import { type Bench, setUp } from "./gateway/set-up.ts";
import { measureStreams } from "./gateway/streams.ts";
import type { Row } from "./table.ts";

const USERS = 1000;
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const SECONDS = Number(process.env.SECONDS ?? 3);

const BODY = JSON.stringify({
  model: "claude-haiku-5-5",
  max_tokens: 1000,
  system: "You are a careful programmer. ".repeat(20),
  messages: [{ role: "user", content: "Write a program that counts words. ".repeat(40) }],
});

interface Case {
  connections: number;
  users: number;
}

const CASES: Case[] = [
  { connections: 1, users: 1 },
  { connections: 32, users: 1 },
  { connections: 32, users: USERS },
  { connections: 128, users: 1 },
  { connections: 128, users: USERS },
];

/** The gateway with ledger and reservation against an undici pass-through that reads usage, round by round in turns. */
export async function measureGateway(): Promise<Row[]> {
  const bench = await setUp(USERS);
  try {
    await measureOnce(bench, { connections: 32, users: USERS }, []);
    const rows: Row[] = [];
    for (const one of CASES) rows.push(...(await measureCase(bench, one)));
    rows.push(...(await measureStreams(bench)), ...(await measureLargeBody(bench)));
    rows.push(await measureCap(bench));
    return rows;
  } finally {
    await bench.stop();
  }
}

interface Sample {
  limit: Measured;
  ours: Measured;
}

interface Measured {
  perSecond: number;
  cpuMsPerCall: number;
  times: number[];
}

async function measureCase(bench: Bench, one: Case): Promise<Row[]> {
  const samples: Sample[] = [];
  for (let round = 0; round < ROUNDS; round += 1) await measureOnce(bench, one, samples);
  const ratio = (of: (sample: Sample) => number) => median(samples.map(of)).toFixed(2);
  const users = one.users === 1 ? "one user" : `${one.users} users`;
  const what = `${one.connections} connections, ${users}`;
  const limit: Row = {
    what: `pass-through, ${what}`,
    times: samples.flatMap((sample) => sample.limit.times),
    figures: `${Math.round(median(samples.map((sample) => sample.limit.perSecond)))} calls/s, ${(1000 * median(samples.map((sample) => sample.limit.cpuMsPerCall))).toFixed(0)} us CPU a call`,
  };
  const figures = [
    `${Math.round(median(samples.map((sample) => sample.ours.perSecond)))} calls/s`,
    `rate ${ratio(({ ours, limit }) => ours.perSecond / limit.perSecond)}x`,
    `CPU ${ratio(({ ours, limit }) => ours.cpuMsPerCall / limit.cpuMsPerCall)}x`,
    `p50 ${ratio(({ ours, limit }) => median(ours.times) / median(limit.times))}x`,
  ];
  return [
    limit,
    {
      what: `gateway, ${what}`,
      times: samples.flatMap((sample) => sample.ours.times),
      figures: figures.join(", "),
    },
  ];
}

async function measureOnce(bench: Bench, one: Case, samples: Sample[]): Promise<void> {
  const tokenOf = (n: number) => bench.tokens[n % one.users] as string;
  const run = (url: string) =>
    load({ url, connections: one.connections, seconds: SECONDS, tokenOf, body: BODY });
  const measured = async (url: string, pids: number[]): Promise<Measured> => {
    const cpu = async () => (await Promise.all(pids.map(cpuOf))).reduce((sum, ms) => sum + ms, 0);
    const before = await cpu();
    const { perSecond, times } = await run(url);
    return { perSecond, times, cpuMsPerCall: ((await cpu()) - before) / times.length };
  };
  const limit = await measured(bench.passThrough.url, [bench.passThrough.pid]);
  const ours = await measured(bench.gateway.url, [bench.gateway.pid, bench.databasePid]);
  samples.push({ limit, ours });
}

/** Entries, budgets and reservations after all of it: what was charged, and whether the sums agree to the micro-dollar. */
async function measureCap(bench: Bench): Promise<Row> {
  // The last settlements are still on their way.
  await delay(500);
  const { rows } = await bench.db.pool.query<{
    entries: number;
    charged: number;
    apart: number;
    held: number;
  }>(
    `SELECT count(*) AS entries, sum(cost_micro_usd)::bigint AS charged,
       (abs(sum(cost_micro_usd) - (SELECT sum(spent_micro_usd) FROM budgets WHERE scope LIKE 'user:%')))::bigint AS apart,
       (SELECT count(*) FROM reservations) AS held
     FROM ledger_entries`,
  );
  const { entries = 0, charged = 0, apart = 0, held = 0 } = rows[0] ?? {};
  return {
    what: "ledger and budgets afterwards",
    times: [],
    figures: `${entries} entries, ${charged} micro-dollars, ${apart} apart, ${held} still held`,
  };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
