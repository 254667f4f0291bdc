import path from "node:path";
import { checkWebEnv } from "#api/check-web-env.ts";
import { checkPorts } from "#launch/check-ports.ts";
import { generateDatabaseClient } from "#launch/database-client.ts";
import { endOrphans } from "#launch/end-orphans.ts";
import { type HeldHome, holdHome } from "#launch/hold-home.ts";
import { type KeptDatabase, keepDatabase } from "#launch/keep-database.ts";
import { type KeptPart, keepPart } from "#launch/keep-part.ts";
import { keepSecrets } from "#launch/keep-secrets.ts";
import type { PartName } from "#launch/part.ts";
import { type PartEnvironments, partEnvironments } from "#launch/part-environment.ts";
import { homeOf } from "#launch/reach-database.ts";
import { restartOnChange } from "#launch/restart-on-change.ts";
import { signInUrl } from "#launch/sign-in-url.ts";
import { buildWeb, isWebBuilt } from "#launch/web-build.ts";
import { openDatabase } from "#platform/db.ts";
import { readEnv, StartEnv, WebEnv } from "#platform/env.ts";
import { AppError } from "#platform/errors.ts";
import { migrate } from "#platform/migrate.ts";

const PARTS = ["gateway", "runner", "web"] as const;

/** All of it within the 10 s after which a Ctrl-C must have ended everything; the rest is PostgreSQL's. */
const GRACE_MS = { webAndRunner: 6500, gateway: 1000 };

interface Options {
  environment: Record<string, string | undefined>;
  dev: boolean;
  stop: AbortSignal;
}

/**
 * Starts all parts on this machine, says so, keeps them going until `stop`, and ends them in their order.
 * @throws AppError with one line for the terminal
 */
export async function runHouse(options: Options): Promise<void> {
  const env = readEnv(StartEnv, options.environment);
  if (env.CARREL_MODE !== "embedded") {
    throw new AppError(
      "bad_request",
      "CARREL_MODE is production: there src/web.ts, src/runner.ts and src/gateway.ts are started each on its own; `npm start` is the embedded mode",
    );
  }
  const home = await holdHome(homeOf(env));
  const house: House = {
    home,
    env,
    url: env.NEXTAUTH_URL ?? `http://localhost:${env.PORT}`,
    parts: new Map(),
    database: null,
  };
  const stopped = new Promise<void>((resolve) => options.stop.addEventListener("abort", () => resolve()));
  const opened = openHouse(house, options);
  try {
    await Promise.race([opened, stopped]);
    await stopped;
    say("carrel", "stopping");
  } finally {
    await closeHouse(house);
    // Stopped half way through the start: what it began in the meantime ends as well.
    await opened.catch(() => closeHouse(house));
    await home.release();
  }
}

interface House {
  home: HeldHome;
  env: StartEnv;
  url: string;
  parts: Map<PartName, KeptPart>;
  database: KeptDatabase | null;
}

async function openHouse(house: House, { environment, dev, stop }: Options): Promise<void> {
  const { home, env } = house;
  say("carrel", `data in ${home.dir}`);
  await note(house, dev);
  await endOrphans(home.previous, (text) => say("carrel", text));
  await checkPorts(env.HOST, { PORT: env.PORT });
  await checkPorts("127.0.0.1", { GATEWAY_PORT: env.GATEWAY_PORT, RUNNER_PORT: env.RUNNER_PORT });
  const { POSTGRES_PASSWORD, ...secrets } = await keepSecrets(home.dir);
  const given = { ...secrets, ...environment, NODE_ENV: dev ? "development" : "production" };
  const environmentsWith = (databaseUrl: string): PartEnvironments =>
    partEnvironments(given, env, { DATABASE_URL: databaseUrl, CARREL_HOME: home.dir });
  // A wrong variable of any part is told before anything runs.
  checkWebEnv(readEnv(WebEnv, environmentsWith("postgresql://not/yet").web));
  await makeCode(environment, dev, stop);

  stop.throwIfAborted();
  house.database = await keepDatabase(env.DATABASE_URL, {
    home: home.dir,
    password: POSTGRES_PASSWORD,
    say: (text) => say("postgres", text),
  });
  await migrate(house.database.url);
  say("postgres", `ready  ${house.database.where}`);

  stop.throwIfAborted();
  const environments = environmentsWith(house.database.url);
  for (const name of PARTS) {
    const logFile = path.join(home.dir, `logs/${name}.log`);
    const onStart = () => void note(house, dev);
    const part = await keepPart(
      { name, env: environments[name], logFile, args: dev && name === "web" ? ["--dev"] : [] },
      { say: (text) => say(name, text), onStart },
    );
    house.parts.set(name, part);
  }
  await note(house, dev);
  await Promise.all(
    [...house.parts].map(async ([name, part]) => {
      const ready = await part.ready;
      say(name, `ready  ${name === "web" ? house.url : ready.address}${ready.note ? `  ${ready.note}` : ""}`);
    }),
  );
  if (dev) restartOnChange(() => restartAll(house));
  const db = openDatabase(house.database.url, { max: 1, application: "carrel-start" });
  try {
    console.log(`\nOpen ${await signInUrl(db, house.url)}`);
  } finally {
    await db.close();
  }
}

function restartAll(house: House): void {
  for (const part of house.parts.values()) part.restart();
}

async function makeCode(environment: Options["environment"], dev: boolean, stop: AbortSignal): Promise<void> {
  await generateDatabaseClient(environment);
  if (dev || (await isWebBuilt())) return;
  say("web", "building the pages, since their sources changed");
  await buildWeb(environment, stop);
}

async function closeHouse({ parts, database }: House): Promise<void> {
  const { webAndRunner, gateway } = GRACE_MS;
  // The runner hands its runs over and web ends its sockets while gateway and database still answer.
  await Promise.all([parts.get("web")?.stop(webAndRunner), parts.get("runner")?.stop(webAndRunner)]);
  await parts.get("gateway")?.stop(gateway);
  await database?.stop();
}

/** For a second start, and for the next one should this one be killed. */
async function note({ home, url, parts }: House, dev: boolean): Promise<void> {
  const running = [...parts].map(([name, part]) => ({ name, pid: part.pid() }));
  await home.note({
    command: dev ? "npm run dev" : "npm start",
    url,
    parts: running.length > 0 ? running : (home.previous?.parts ?? []),
  });
}

function say(who: string, text: string): void {
  console.log(`${who.padEnd(9)} ${text}`);
}
