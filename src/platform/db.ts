import { setTimeout as delay } from "node:timers/promises";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient } from "#platform/prisma/client.ts";

// int8 as number: every bigint column is micro-dollars or a counter, far below 2^53 (nine thousand million dollars).
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 ${text} is beyond a safe integer`);
  return value;
});

const IDLE_IN_TRANSACTION_MS = 5_000;

/** Ordinary queries go through `prisma`; hand-written SQL, where atomicity or speed asks for it, through `pool`. */
export interface Database {
  prisma: PrismaClient;
  pool: pg.Pool;
  close(): Promise<void>;
}

export type Sql = pg.Pool | pg.PoolClient;

/** For a process that only ever looks up single rows by their keys: planned once, by index, whatever statistics say. */
export const POINT_LOOKUPS: Record<string, string> = {
  plan_cache_mode: "force_generic_plan",
  enable_seqscan: "off",
  enable_hashjoin: "off",
  enable_mergejoin: "off",
};

/** `settings`: of every session, by PostgreSQL's own names */
export function openDatabase(
  url: string,
  options: {
    max: number;
    application: string;
    settings?: Record<string, string>;
    /** milliseconds until a connection must be there; default: no limit */
    connectTimeoutMs?: number;
  },
): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max,
    // Several queries on one connection are on their way at once; each still has its own answer, in their order.
    pipeline: true,
    application_name: options.application,
    keepAlive: true,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 0,
    options: Object.entries(options.settings ?? {})
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(" "),
    // A process that froze in the middle of a transaction must not hold its locks for ever.
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  });
  // An idle connection that breaks is replaced by the next query, and one on its way out may be cut by a server that
  // stops: neither may end the process. Who wants to know of it listens as well.
  pool.on("error", () => undefined);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    prisma,
    pool,
    async close() {
      await prisma.$disconnect();
      if (!pool.ended) await pool.end();
    },
  };
}

/** Runs `work` in one transaction; rolls back when it throws. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  // A connection that breaks while we hold it says so here as well as in the query; unheard, it would end the process.
  let broken: Error | undefined;
  const hear = (error: Error) => {
    broken = error;
  };
  client.on("error", hear);
  try {
    // Not waited for: what the work asks first is on its way behind it, and is refused where it is.
    const begun = client.query("BEGIN");
    begun.catch(hear);
    const working = Promise.resolve(client).then(work);
    // To its end, whatever fails: no query may be on its way on a connection that is given back.
    await Promise.allSettled([begun, working]);
    await begun;
    const result = await working;
    await client.query("COMMIT");
    return result;
  } catch (error) {
    // When the connection is gone, the transaction is gone with it, and the first error is the one to tell.
    await client.query("ROLLBACK").catch(hear);
    throw error;
  } finally {
    client.off("error", hear);
    client.release(broken);
  }
}

/** Deadlock, serialization failure, or a connection that was lost: the same again may well pass. */
export function isPassing(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(40|08|57P)/.test(error.code ?? "");
  return isUnreachable(error);
}

/** The same again after each of these pauses, for as long as it fails with what passes by itself. */
export async function whilePassing<T>(pausesMs: readonly number[], work: () => Promise<T>): Promise<T> {
  for (const pauseMs of pausesMs) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error)) throw error;
      await delay(pauseMs);
    }
  }
  return work();
}

/** What the driver and the sockets under it say of a connection that is gone, as its moment has it. */
const LOST = /ECONN|EPIPE|ENOENT.*PGSQL|terminated|not queryable|socket has been ended|timeout exceeded/i;

/** The database cannot be reached, is starting or stopping, or does not answer in time. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(08|57P|53|3D000)/.test(error.code ?? "");
  return error instanceof Error && LOST.test(error.message);
}
