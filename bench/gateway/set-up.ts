import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createToken } from "#accounts/tokens.ts";
import { findOrCreateUser } from "#accounts/users.ts";
import { NODE_FLAGS } from "#launch/node-flags.ts";
import { type Database, openDatabase } from "#platform/db.ts";
import { startEmbeddedPostgres } from "#platform/embedded-postgres.ts";
import { migrate } from "#platform/migrate.ts";
import { freePorts } from "../../test/support/free-ports.ts";

export interface Bench {
  db: Database;
  upstream: Part;
  passThrough: Part;
  gateway: Part;
  /** of the database server, whose children do the work */
  databasePid: number;
  /** personal tokens, one for each user */
  tokens: string[];
  stop(): Promise<void>;
}

export interface Part {
  url: string;
  pid: number;
  child: ChildProcess;
}

const SECRET = "a-secret-for-benchmarks-of-the-gateway";

/** Upstream, pass-through, gateway and a durable database, each a process of its own. */
export async function setUp(users: number, settings: Record<string, string> = {}): Promise<Bench> {
  const home = await mkdtemp(path.join(tmpdir(), "carrel-bench-"));
  const postgres = await startEmbeddedPostgres({ home, password: "bench", settings });
  await migrate(postgres.url);
  const db = openDatabase(postgres.url, { max: 8, application: "carrel-bench" });
  // The server is stopped while its last connections are still being closed.
  db.pool.on("error", () => {});
  const upstream = await start("bench/gateway/upstream.ts", {});
  const passThrough = await start("bench/gateway/pass-through.ts", { UPSTREAM: upstream.url });
  // As the product starts it.
  const gateway = await start(
    "src/gateway.ts",
    {
      DATABASE_URL: postgres.url,
      CARREL_RUN_TOKEN_SECRET: SECRET,
      ANTHROPIC_API_KEY: "k",
      ANTHROPIC_BASE_URL: upstream.url,
      CARREL_RATE_MODELS: "0",
      LOG_LEVEL: "warn",
    },
    NODE_FLAGS.gateway,
  );
  const tokens = await makeTokens(db, users);
  return {
    db,
    upstream,
    passThrough,
    gateway,
    databasePid: postgres.pid,
    tokens,
    async stop() {
      for (const { child } of [gateway, passThrough, upstream]) {
        child.kill("SIGKILL");
        if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      }
      await db.close();
      await postgres.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function makeTokens(db: Database, users: number): Promise<string[]> {
  const tokens: string[] = [];
  for (let n = 0; n < users; n += 1) {
    const user = await findOrCreateUser(db, { email: `bench${n}@example.org`, emailVerified: new Date() });
    tokens.push((await createToken(db, { userId: user.id, name: "bench", scopes: ["models"] })).token);
  }
  return tokens;
}

async function start(
  script: string,
  env: Record<string, string>,
  flags: readonly string[] = [],
): Promise<Part> {
  const [port] = await freePorts(1);
  const child = fork(script, {
    execArgv: [...flags],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "production",
      PORT: String(port),
      GATEWAY_PORT: String(port),
      ...env,
    },
  });
  await once(child, "message");
  return { url: `http://127.0.0.1:${port}`, pid: child.pid as number, child };
}
