import type { IncomingHttpHeaders } from "node:http";
import { authorise, requireScope } from "#accounts/authorise.ts";
import { sessionCookieOf } from "#accounts/session-cookie.ts";
import { looksLikeRunToken, type RunClaims, verifyRunToken } from "#gateway/run-token.ts";
import { monthlyLimit } from "#ledger/monthly-budget.ts";
import { type Bearer, type Cap, capsFor, ownBudgetScope } from "#ledger/scopes.ts";
import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

/** Who calls, and every cap that the call stands against. */
export interface Caller {
  bearer: Bearer;
  caps: Cap[];
}

// No cookie is ever looked at here; a name that no browser sends.
const NO_COOKIE = sessionCookieOf("http://localhost");

/**
 * A run token whose run is on and whose fence still holds, or a personal token with the scope `models`; as x-api-key
 * or as Bearer.
 * @throws AppError unauthenticated, forbidden
 */
export async function authenticate(
  db: Database,
  runTokenSecret: string,
  headers: IncomingHttpHeaders,
): Promise<Caller> {
  const token = readToken(headers);
  if (looksLikeRunToken(token)) {
    const claims = await verifyRunToken(runTokenSecret, token);
    return callerOfRun(db, claims);
  }
  const identity = await authorise(db, NO_COOKIE, { authorization: `Bearer ${token}` });
  requireScope(identity, "models");
  return callerOfUser(db, identity.userId, identity.user.tier);
}

function readToken(headers: IncomingHttpHeaders): string {
  const apiKey = headers["x-api-key"];
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  const token = typeof apiKey === "string" && apiKey !== "" ? apiKey : bearer;
  if (!token) {
    throw new AppError("unauthenticated", "Send a run token or a personal token as x-api-key or as Bearer.");
  }
  return token;
}

interface RunRow {
  user_status: string;
  tier: string;
  own: number | null;
  site: number | null;
  status: string;
  fence: number;
  run_ceiling: number | null;
  agent_ceiling: number | null;
}

async function callerOfRun(db: Database, claims: RunClaims): Promise<Caller> {
  const { userId, agentId, runId, fence, step } = claims;
  const { rows } = await db.pool.query<RunRow>({
    name: "caller-of-run",
    text: `SELECT u.status AS user_status, u.tier, own.limit_micro_usd AS own, site.limit_micro_usd AS site, r.status,
             r.fence, r.ceiling_micro_usd AS run_ceiling, a.ceiling_micro_usd AS agent_ceiling
           FROM runs r JOIN users u ON u.id = r.user_id JOIN agents a ON a.id = r.agent_id
             LEFT JOIN budgets own ON own.scope = $4 LEFT JOIN budgets site ON site.scope = 'site'
           WHERE r.id = $1 AND r.user_id = $2 AND r.agent_id = $3`,
    values: [runId, userId, agentId, ownBudgetScope(userId)],
  });
  const row = rows[0];
  if (row?.status !== "running" || row.fence !== fence) {
    throw new AppError("unauthenticated", "The run of this token is no longer on, or another runner has it.");
  }
  if (row.user_status !== "active")
    throw new AppError("forbidden", "This account is suspended. Ask the operator.");
  const bearer = { userId, agentId, runId, stepKey: step };
  const limits = { run: row.run_ceiling, agent: row.agent_ceiling };
  const userMonth = monthlyLimit(row.tier, row.own);
  return { bearer, caps: capsFor(bearer, { ...limits, userMonth, siteMonth: row.site }, new Date()) };
}

async function callerOfUser(db: Database, userId: string, tier: string): Promise<Caller> {
  const { rows } = await db.pool.query<{ scope: string; limit: number | null }>({
    name: "caller-of-user",
    text: `SELECT scope, limit_micro_usd AS limit FROM budgets WHERE scope IN ($1, 'site')`,
    values: [ownBudgetScope(userId)],
  });
  const limitOf = (scope: string) => rows.find((row) => row.scope === scope)?.limit ?? null;
  const bearer = { userId, agentId: null, runId: null, stepKey: null };
  const userMonth = monthlyLimit(tier, limitOf(ownBudgetScope(userId)));
  const limits = { run: null, agent: null, userMonth, siteMonth: limitOf("site") };
  return { bearer, caps: capsFor(bearer, limits, new Date()) };
}
