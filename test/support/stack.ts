import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createToken } from "#accounts/tokens.ts";
import { findOrCreateUser } from "#accounts/users.ts";
import { type Part, type PartName, startPart } from "#launch/part.ts";
import { partEnvironments } from "#launch/part-environment.ts";
import { buildWeb } from "#launch/web-build.ts";
import type { Database } from "#platform/db.ts";
import { readEnv, StartEnv } from "#platform/env.ts";
import { signalProcess } from "#platform/signal-process.ts";
import { freshDatabase, type TestDatabase } from "./database.ts";
import { freePorts } from "./free-ports.ts";
import { layRuntime } from "./workspace-runtime.ts";

/** A part of a stack; `runner` is the first of them, `runner1` the second. */
export type StackPart = "gateway" | "web" | "runner" | `runner${number}`;

export interface StackOptions {
  /** default 1 */
  runners?: number;
  /** default 0: the demo model answers at once */
  demoDelayMs?: number;
  /** further variables, for all parts; each takes only its own */
  env?: Record<string, string>;
  /** which parts to start; default all */
  parts?: PartName[];
  /** in place of one in the PostgreSQL of all tests; dropped at the stack's end as well */
  database?: TestDatabase;
}

export interface Stack {
  webUrl: string;
  gatewayUrl: string;
  runnerUrls: string[];
  home: string;
  database: { url: string; db: Database };
  /** A personal token with all scopes, of a user that is made when missing. */
  token(email: string): Promise<string>;
  pid(part: StackPart): number;
  log(part: StackPart): Promise<string>;
  /** kill -9, and waits until it is gone */
  kill(part: StackPart): Promise<void>;
  freeze(part: StackPart): void;
  thaw(part: StackPart): void;
  /** starts a part that ended, or ends it first (SIGTERM), and waits until it is ready */
  restart(part: StackPart): Promise<void>;
  stop(): Promise<void>;
}

/** The real processes on free ports, with a database and a data directory of their own. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const wanted = options.parts ?? ["gateway", "runner", "web"];
  // CARREL_WEB_BUILD=.next/<name> serves a build as it is, whatever the sources say now.
  if (wanted.includes("web") && process.env.CARREL_WEB_BUILD === undefined) await buildWeb(process.env);
  const database = options.database ?? (await freshDatabase());
  const home = await mkdtemp(path.join(tmpdir(), "carrel-stack-"));
  const runners = wanted.includes("runner") ? (options.runners ?? 1) : 0;
  if (runners > 0) await layRuntime(home);
  const [webPort, gatewayPort, ...runnerPorts] = await freePorts(2 + Math.max(runners, 1));
  const environment = (runnerPort: number | undefined) => {
    const given = {
      ...process.env,
      // One that every machine has; tests of others name them.
      WORKSPACE_DRIVER: "local",
      CARREL_RATE_API: "0",
      CARREL_RATE_MODELS: "0",
      CARREL_RATE_SIGNIN: "0",
      CARREL_DEMO_DELAY_MS: String(options.demoDelayMs ?? 0),
      PORT: String(webPort),
      GATEWAY_PORT: String(gatewayPort),
      RUNNER_PORT: String(runnerPort),
      NODE_ENV: "production",
      ...options.env,
    };
    const fixed = { ...SECRETS, CARREL_HOME: home, DATABASE_URL: database.url };
    return partEnvironments(given, readEnv(StartEnv, given), fixed);
  };

  const parts = new Map<StackPart, Part>();
  const envs = new Map<StackPart, Record<string, string>>();
  if (wanted.includes("gateway")) envs.set("gateway", environment(runnerPorts[0]).gateway);
  for (let n = 0; n < runners; n += 1) envs.set(runnerName(n), environment(runnerPorts[n]).runner);
  if (wanted.includes("web")) envs.set("web", environment(runnerPorts[0]).web);

  const logFile = (part: StackPart) => path.join(home, `logs/${part}.log`);
  const start = async (name: StackPart): Promise<void> => {
    const kind = name.startsWith("runner") ? "runner" : (name as PartName);
    const part = await startPart({ name: kind, env: envs.get(name) ?? {}, logFile: logFile(name) });
    parts.set(name, part);
    await part.ready.catch(async (error: Error) => {
      throw new Error(`${name} ${error.message}:\n${(await readFile(logFile(name), "utf8")).slice(-4000)}`);
    });
  };
  const of = (name: StackPart): Part => {
    const part = parts.get(name);
    if (part === undefined) throw new Error(`this stack has no ${name}`);
    return part;
  };
  const stop = async (): Promise<void> => {
    // A frozen part takes no SIGTERM.
    for (const part of parts.values()) part.signal("SIGCONT");
    await Promise.all([...parts.values()].map((part) => part.stop(8000)));
    await killSandboxes(home);
    await database.drop();
    await rm(home, { recursive: true, force: true });
  };

  await Promise.all([...envs.keys()].map(start)).catch(async (error: Error) => {
    await stop();
    throw error;
  });
  return {
    webUrl: `http://localhost:${webPort}`,
    gatewayUrl: `http://127.0.0.1:${gatewayPort}`,
    runnerUrls: runnerPorts.slice(0, runners).map((port) => `http://127.0.0.1:${port}`),
    home,
    database,
    async token(email) {
      const user = await findOrCreateUser(database.db, { email, emailVerified: new Date() });
      const scopes = ["api", "api:read", "models"] as const;
      return (await createToken(database.db, { userId: user.id, name: "test", scopes })).token;
    },
    pid: (name) => of(name).pid,
    log: (name) => readFile(logFile(name), "utf8"),
    async kill(name) {
      of(name).signal("SIGKILL");
      await of(name).ended;
    },
    freeze: (name) => of(name).signal("SIGSTOP"),
    thaw: (name) => of(name).signal("SIGCONT"),
    async restart(name) {
      await of(name).stop(8000);
      await start(name);
    },
    stop,
  };
}

/** kill -9 of every process of the workspaces that the local driver has made. A runner that was killed leaves them. */
export async function killSandboxes(home: string): Promise<number> {
  let killed = 0;
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""); // It has just ended.
    if (commandLine.includes(`${home}/`) && signalProcess(Number(pid), "SIGKILL")) killed += 1;
  }
  return killed;
}

export const SECRETS = {
  NEXTAUTH_SECRET: "a-secret-for-tests-of-next-auth-alone",
  CARREL_RUNNER_SECRET: "a-secret-for-tests-of-the-runner-only",
  CARREL_RUN_TOKEN_SECRET: "a-secret-for-tests-of-run-tokens-only",
};

function runnerName(n: number): StackPart {
  return n === 0 ? "runner" : `runner${n}`;
}
