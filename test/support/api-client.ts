import { createToken, type Scope } from "#accounts/tokens.ts";
import { findOrCreateUser } from "#accounts/users.ts";
import { DEFAULT_POLICY } from "#agents/agent.ts";
import { createAgent } from "#agents/create-agent.ts";
import type { Database } from "#platform/db.ts";
import { newId } from "#platform/ids.ts";
import { submitMessage } from "#runs/submit-message.ts";
import { checkShape } from "./check-shape.ts";

/** A caller of the API with one token. */
export interface ApiClient {
  userId: string;
  token: string;
  call(method: string, path: string, init?: CallInit): Promise<Answer>;
}

export interface CallInit {
  json?: unknown;
  body?: RequestInit["body"];
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect
  body: any;
}

export async function apiClient(
  webUrl: string,
  db: Database,
  email: string,
  scopes: Scope[] = ["api"],
): Promise<ApiClient> {
  const user = await findOrCreateUser(db, { email });
  const { token } = await createToken(db, { userId: user.id, name: "test", scopes });
  return {
    userId: user.id,
    token,
    call: (method, path, init = {}) =>
      call(webUrl, method, path, {
        ...init,
        headers: { authorization: `Bearer ${token}`, ...init.headers },
      }),
  };
}

/** One request below /api/v1; JSON answers are parsed. */
export async function call(
  webUrl: string,
  method: string,
  path: string,
  init: CallInit = {},
): Promise<Answer> {
  const response = await fetch(`${webUrl}/api/v1${path}`, {
    method,
    headers: { ...(init.json !== undefined && { "content-type": "application/json" }), ...init.headers },
    body: init.json === undefined ? init.body : JSON.stringify(init.json),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json");
  const body = isJson && text ? JSON.parse(text) : text;
  checkShape(method, path, response.status, body);
  return { status: response.status, headers: response.headers, body };
}

/** An agent with a run that awaits review and a version, made without any runner. */
export async function agentInReview(
  db: Database,
  userId: string,
): Promise<{ agentId: string; runId: string; treeHash: string }> {
  const agent = await createAgent(db.pool, userId, {
    name: "One",
    engine: "builder",
    policy: DEFAULT_POLICY,
  });
  const { run } = await submitMessage(db, { userId, agentId: agent.id, text: "Write something." });
  const treeHash = "a".repeat(64);
  await db.pool.query(
    "INSERT INTO trees (user_id, hash, entries) VALUES ($1, $2, '[]') ON CONFLICT DO NOTHING",
    [userId, treeHash],
  );
  await db.pool.query("UPDATE runs SET status = 'awaiting_review' WHERE id = $1", [run.id]);
  await db.pool.query(
    "INSERT INTO reviews (id, run_id, round, kind, tree_hash) VALUES ($1, $2, 1, 'result', $3)",
    [newId(), run.id, treeHash],
  );
  await db.pool.query("INSERT INTO versions (id, agent_id, number, tree_hash) VALUES ($1, $2, 1, $3)", [
    newId(),
    agent.id,
    treeHash,
  ]);
  return { agentId: agent.id, runId: run.id, treeHash };
}

/** Everything that the database holds, but for when a token was last used: to show that nothing changed. */
export async function contents(db: Database): Promise<Record<string, string>> {
  const { rows: tables } = await db.pool.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'",
  );
  const digests: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await db.pool.query<{ digest: string }>(
      `SELECT count(*) || ':' || coalesce(md5(string_agg(row, '' ORDER BY row)), '') AS digest
         FROM (SELECT (to_jsonb(t) - 'last_used_at' - 'lease_until')::text AS row FROM "${name}" t) AS rows`,
    );
    digests[name] = rows[0]?.digest ?? "";
  }
  return digests;
}
