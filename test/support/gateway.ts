import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import Anthropic from "@anthropic-ai/sdk";
import { createToken, type Scope } from "#accounts/tokens.ts";
import type { TimeLimits } from "#gateway/calls/perform-call.ts";
import { openSealing } from "#gateway/own-keys.ts";
import type { Provider } from "#gateway/provider.ts";
import { anthropicProvider } from "#gateway/providers/anthropic/anthropic.ts";
import type { Timeouts } from "#gateway/providers/http/upstream.ts";
import type { CircuitSettings } from "#gateway/resilience/circuits.ts";
import type { Routing } from "#gateway/routing.ts";
import { signRunToken } from "#gateway/run-token.ts";
import { createGateway } from "#gateway/serve.ts";
import { type Database, inTransaction } from "#platform/db.ts";
import { newId } from "#platform/ids.ts";
import { createLogger, type Logger } from "#platform/log.ts";
import type { FakeAnthropic } from "../fakes/anthropic.ts";

export const RUN_TOKEN_SECRET = "a secret for run tokens in tests only";
export const MODEL = "claude-sonnet-4-6";

export interface RunningGateway {
  url: string;
  close(): Promise<void>;
}

/** The gateway in this process, on a free port, with the fake as its upstream. */
export async function startGateway(
  db: Database,
  fake: FakeAnthropic,
  options: {
    ratePerMinute?: number;
    providers?: Provider[];
    apiKey?: string;
    routing?: Routing;
    circuits?: CircuitSettings;
    timeouts?: Partial<Timeouts>;
    limits?: Partial<TimeLimits>;
    log?: Logger;
  } = {},
): Promise<RunningGateway> {
  const anthropic = anthropicProvider({
    apiKey: options.apiKey === "" ? undefined : (options.apiKey ?? fake.key),
    baseUrl: fake.url,
    timeouts: options.timeouts,
  });
  const gateway = createGateway({
    db,
    runTokenSecret: RUN_TOKEN_SECRET,
    sealing: await openSealing(RUN_TOKEN_SECRET),
    providers: [anthropic, ...(options.providers ?? [])],
    ratePerMinute: options.ratePerMinute ?? 0,
    routing: options.routing,
    limits: options.limits,
    // Tests order many faults in a row; those that are about circuits say so.
    circuits: options.circuits ?? { leastCalls: 10_000 },
    log: options.log ?? createLogger("gateway", "silent"),
  });
  await new Promise<void>((resolve) => gateway.server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(gateway.server.address() as AddressInfo).port}`,
    async close() {
      await gateway.close();
      await anthropic.close();
    },
  };
}

export interface Tenant {
  userId: string;
  agentId: string;
  runId: string;
  /** a run token for the step `r1/plan` */
  runToken: string;
}

/** A user with an agent whose run is on, under the given ceilings (micro-dollars). */
export async function makeTenant(
  db: Database,
  ceilings: { run?: number; agent?: number } = {},
): Promise<Tenant> {
  const [userId, agentId, runId] = [newId(), newId(), newId()];
  await db.pool.query(`INSERT INTO users (id, email) VALUES ($1, $2)`, [userId, `${userId}@example.org`]);
  await db.pool.query(
    `INSERT INTO agents (id, user_id, name, policy, ceiling_micro_usd) VALUES ($1, $2, 'a', '{}', $3)`,
    [agentId, userId, ceilings.agent ?? null],
  );
  await db.pool.query(
    `INSERT INTO runs (id, user_id, agent_id, status, engine, model, owner, lease_until, fence, ceiling_micro_usd)
     VALUES ($1, $2, $3, 'running', 'builder', 'demo', 'runner', now() + interval '1 hour', 7, $4)`,
    [runId, userId, agentId, ceilings.run ?? null],
  );
  await db.pool.query(
    `INSERT INTO run_steps (run_id, key, ordinal, title, status) VALUES ($1, 'r1/plan', 1, 'Plan', 'running')`,
    [runId],
  );
  const claims = { userId, agentId, runId, fence: 7, step: "r1/plan" };
  return { userId, agentId, runId, runToken: await signRunToken(RUN_TOKEN_SECRET, claims, 600) };
}

/** Erases a user with everything that hangs on them, as erasure of an account does. */
export async function eraseUser(db: Database, { userId }: Tenant): Promise<void> {
  await inTransaction(db.pool, async (client) => {
    await client.query(`SELECT set_config('carrel.erasing', 'on', true)`);
    await client.query(`DELETE FROM users WHERE id = $1`, [userId]);
  });
}

export async function personalToken(
  db: Database,
  userId: string,
  scopes: Scope[] = ["models"],
): Promise<string> {
  const { token } = await createToken(db, { userId, name: "test", scopes });
  return token;
}

/** The official SDK, pointed at the gateway and nothing else; it repeats nothing by itself. */
export function sdk(
  gateway: { url: string },
  token: string,
  headers: Record<string, string> = {},
): Anthropic {
  return new Anthropic({ apiKey: token, baseURL: gateway.url, maxRetries: 0, defaultHeaders: headers });
}

export interface Money {
  entries: Record<string, unknown>[];
  budgets: Record<string, { spent: number; reserved: number }>;
  reservations: number;
  runCost: number;
  stepCost: number;
}

const SETTLED_WITHIN_MS = 15_000;

/**
 * Everything that the database holds of a tenant's money, once the calls that have ended are settled.
 * @throws when something is still held after a long time
 */
export async function readMoney(db: Database, tenant: Tenant): Promise<Money> {
  const deadline = Date.now() + SETTLED_WITHIN_MS;
  // First that nothing is held any more, then the rest: in between, nothing can change.
  while ((await countReservations(db, tenant)) > 0) {
    if (Date.now() > deadline)
      throw new Error(`still held: ${JSON.stringify(await readMoneyNow(db, tenant))}`);
    await delay(20);
  }
  return readMoneyNow(db, tenant);
}

async function countReservations(db: Database, { userId }: Tenant): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(
    `SELECT count(*) AS n FROM reservations WHERE user_id = $1`,
    [userId],
  );
  return rows[0]?.n ?? 0;
}

/** The same as it stands at this moment, with what is still held. */
export async function readMoneyNow(db: Database, tenant: Tenant): Promise<Money> {
  const { rows: entries } = await db.pool.query(
    `SELECT * FROM ledger_entries WHERE user_id = $1 ORDER BY id`,
    [tenant.userId],
  );
  const { rows: budgets } = await db.pool.query<{ scope: string; spent: number; reserved: number }>(
    `SELECT split_part(scope, ':', 1) AS scope, spent_micro_usd AS spent, reserved_micro_usd AS reserved
     FROM budgets WHERE scope IN ($1, $2) OR scope LIKE $3 OR scope LIKE 'site:%'`,
    [`run:${tenant.runId}`, `agent:${tenant.agentId}`, `user:${tenant.userId}:%`],
  );
  const reservations = await countReservations(db, tenant);
  const { rows: runs } = await db.pool.query<{ run: number; step: number }>(
    `SELECT r.cost_micro_usd AS run, s.cost_micro_usd AS step FROM runs r JOIN run_steps s ON s.run_id = r.id
     WHERE r.id = $1`,
    [tenant.runId],
  );
  return {
    entries,
    budgets: Object.fromEntries(budgets.map(({ scope, ...sums }) => [scope, sums])),
    reservations,
    runCost: runs[0]?.run ?? 0,
    stepCost: runs[0]?.step ?? 0,
  };
}
