import type { IncomingHttpHeaders } from "node:http";
import type pg from "pg";
import { TOKEN_PREFIX } from "#accounts/tokens.ts";
import { type FoundRun, findRuns, type RunQuestion } from "#gateway/callers/find-runs.ts";
import { type FoundToken, findTokens } from "#gateway/callers/find-tokens.ts";
import { knownCallers } from "#gateway/callers/known-callers.ts";
import { RoleModels } from "#gateway/routing.ts";
import { looksLikeRunToken, type RunClaims, runTokenReader } from "#gateway/run-token.ts";
import { monthlyLimit } from "#ledger/monthly-budget.ts";
import { type Bearer, type Cap, capsFor, monthOf } from "#ledger/scopes.ts";
import { sha256 } from "#platform/crypto.ts";
import { AppError } from "#platform/errors.ts";

/** Who calls, and every cap that the call stands against. */
export interface Caller {
  bearer: Bearer;
  caps: Cap[];
  /** stands for the credential where calls are counted; not the credential */
  credential: string;
  /** which models play the roles of the caller's agent, where it says so */
  roles: RoleModels;
  /** the user's own provider keys, sealed, by provider */
  sealedKeys: Readonly<Record<string, string>>;
}

export type Authenticate = (headers: IncomingHttpHeaders) => Promise<Caller>;

/**
 * A run token whose run is on and whose fence still holds, or a personal token with the scope `models`; as x-api-key
 * or as Bearer. Every call asks the database what has changed; calls that come together ask in one query.
 * @throws AppError unauthenticated, forbidden
 */
export function authenticator(pool: pg.Pool, runTokenSecret: string): Authenticate {
  const readRunToken = runTokenReader(runTokenSecret);
  const runOf = knownCallers<RunQuestion, FoundRun>(
    pool,
    (questions) => findRuns(pool, questions),
    ({ claims: { runId, userId, agentId } }) => ({
      of: [`run:${runId}`, `agent:${agentId}`, `user:${userId}`, "site"],
      expires: null,
    }),
  );
  const tokenOf = knownCallers<{ id: string }, FoundToken>(
    pool,
    (hashes) => findTokens(pool, hashes),
    ({ id }, { user_id, expires_at }) => ({
      of: [`token:${id}`, `user:${user_id}`, "site"],
      expires: expires_at,
    }),
  );

  const made = new WeakMap<object, { row: object; month: string; caller: Caller }>();
  /** A caller is put together once from what was found of it; its caps are those of a month. */
  function oncePerMonth(by: object, row: object, make: (at: Date) => Caller): Caller {
    const at = new Date();
    const month = monthOf(at);
    const found = made.get(by);
    if (found?.row === row && found.month === month) return found.caller;
    const caller = make(at);
    made.set(by, { row, month, caller });
    return caller;
  }

  async function callerOfRun(claims: RunClaims): Promise<Caller> {
    const { userId, agentId, runId, fence, step } = claims;
    const row = await runOf({ id: `${runId} ${userId} ${agentId}`, claims });
    if (row?.status !== "running" || row.fence !== fence) {
      throw new AppError(
        "unauthenticated",
        "The run of this token is no longer on, or another runner has it.",
      );
    }
    refuseSuspended(row.user_status);
    return oncePerMonth(claims, row, (at) => {
      const bearer = { userId, agentId, runId, stepKey: step };
      const limits = { run: row.run_ceiling, agent: row.agent_ceiling };
      const userMonth = monthlyLimit(row.tier, row.own);
      return {
        bearer,
        caps: capsFor(bearer, { ...limits, userMonth, siteMonth: row.site }, at),
        credential: `run:${runId}`,
        roles: rolesOf(row.models),
        sealedKeys: row.keys ?? {},
      };
    });
  }

  async function callerOfToken(token: string): Promise<Caller> {
    const hash = sha256(token);
    const row = token.startsWith(TOKEN_PREFIX) ? await tokenOf({ id: hash }) : undefined;
    if (!row) throw new AppError("unauthenticated", "The token is not known, revoked or expired.");
    refuseSuspended(row.user_status);
    if (!row.scopes.includes("models")) {
      throw new AppError("forbidden", 'This token lacks the scope "models".');
    }
    return oncePerMonth(row, row, (at) => {
      const bearer = { userId: row.user_id, agentId: null, runId: null, stepKey: null };
      const userMonth = monthlyLimit(row.tier, row.own);
      const limits = { run: null, agent: null, userMonth, siteMonth: row.site };
      return {
        bearer,
        caps: capsFor(bearer, limits, at),
        credential: `token:${hash}`,
        roles: {},
        sealedKeys: row.keys ?? {},
      };
    });
  }

  return async (headers) => {
    const token = readToken(headers);
    return looksLikeRunToken(token) ? callerOfRun(await readRunToken(token)) : callerOfToken(token);
  };
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

/** Written by the API against the same schema; what does not fit it counts as nothing said. */
function rolesOf(models: unknown): RoleModels {
  return models === null ? {} : (RoleModels.safeParse(models).data ?? {});
}

function refuseSuspended(status: string): void {
  if (status !== "active") throw new AppError("forbidden", "This account is suspended. Ask the operator.");
}
