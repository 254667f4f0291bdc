import { execFile } from "node:child_process";
import { statfs } from "node:fs/promises";
import { promisify } from "node:util";
import { homeOf, withDatabase } from "#launch/reach-database.ts";
import type { StartEnv } from "#platform/env.ts";

const run = promisify(execFile);

interface Finding {
  state: "ok" | "warn" | "fail";
  text: string;
}

const ENOUGH_DISK_BYTES = 2 * 1024 ** 3;
/** What a sandbox can see: a program below somebody's home is not for it. */
const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const ANSWER_WITHIN_MS = 3000;

/**
 * Examines this machine and this installation and prints one line for each thing looked at, with what to do where
 * something is wrong.
 *
 * @returns whether everything that is necessary is there
 */
export async function examine(env: StartEnv): Promise<boolean> {
  const checks = [
    checkPlatform(),
    checkProgram("unshare", "fail", "install util-linux: workspaces and the embedded PostgreSQL need it"),
    checkProgram("setpriv", "fail", "install util-linux: workspaces and the embedded PostgreSQL need it"),
    checkProgram("flock", "fail", "install util-linux: the data directory is locked with it"),
    checkProgram("bwrap", "warn", "install bubblewrap for the better of the two sandboxes"),
    checkProgram("python3", "warn", "install python3 if agents are to write Python"),
    checkNamespaces(),
    checkDisk(env),
    checkDatabase(env),
    checkPart("gateway", `http://127.0.0.1:${env.GATEWAY_PORT}`),
    checkPart("runner", `http://127.0.0.1:${env.RUNNER_PORT}`),
    checkPart("web", `http://127.0.0.1:${env.PORT}`),
  ];
  let sound = true;
  for (const check of checks) {
    for (const { state, text } of [await check].flat()) {
      console.log(`${state.padEnd(5)} ${text}`);
      if (state === "fail") sound = false;
    }
  }
  return sound;
}

async function checkPlatform(): Promise<Finding> {
  const text = `Node ${process.versions.node} on ${process.platform}-${process.arch}`;
  if (process.platform === "linux") return { state: "ok", text };
  return { state: "fail", text: `${text}: without a container engine Carrel needs Linux` };
}

async function checkProgram(name: string, missing: "warn" | "fail", advice: string): Promise<Finding> {
  const found = await run("/bin/sh", ["-c", `PATH=${SYSTEM_PATH}; command -v "$1"`, "sh", name]).then(
    ({ stdout }) => stdout.trim(),
    () => null, // `command -v` says by its exit code that there is none.
  );
  if (found !== null) return { state: "ok", text: `${name} is ${found}` };
  return { state: missing, text: `${name} is missing: ${advice}` };
}

async function checkNamespaces(): Promise<Finding> {
  const args = ["--user", "--map-root-user", "--mount", "--net", "--pid", "--fork", "true"];
  return run("unshare", args).then(
    () => ({ state: "ok", text: "the kernel lets this user make namespaces" }),
    (error: Error & { stderr?: string }) => ({
      state: "fail",
      text: `the kernel refuses namespaces (${(error.stderr ?? error.message).trim()}): allow user namespaces (kernel.unprivileged_userns_clone=1, user.max_user_namespaces, AppArmor), or use a container engine`,
    }),
  );
}

async function checkDisk(env: StartEnv): Promise<Finding> {
  const home = homeOf(env);
  const place = await statfs(home).catch(() => statfs(process.cwd())); // The home is made at the first start.
  const free = place.bavail * place.bsize;
  const text = `${(free / 1024 ** 3).toFixed(1)} GiB free for ${home}`;
  if (free >= ENOUGH_DISK_BYTES) return { state: "ok", text };
  return { state: "warn", text: `${text}: workspaces and versions will soon fill it` };
}

async function checkDatabase(env: StartEnv): Promise<Finding[]> {
  try {
    return await withDatabase(env, async (db, running) => {
      const { rows } = await db.pool.query<{ version: string; migrations: number }>(
        `SELECT current_setting('server_version') AS version,
                (SELECT count(*)::int FROM _prisma_migrations WHERE finished_at IS NOT NULL) AS migrations`,
      );
      const { version, migrations } = rows[0] ?? {};
      const where = env.DATABASE_URL === undefined ? "embedded" : "as DATABASE_URL says";
      const findings: Finding[] = [
        { state: "ok", text: `PostgreSQL ${version}, ${where}, with ${migrations} migrations` },
      ];
      if (env.DATABASE_URL === undefined && running === null) {
        findings.push({ state: "warn", text: "Carrel does not run: `npm start` starts it" });
      }
      return findings;
    });
  } catch (error) {
    return [{ state: "fail", text: error instanceof Error ? error.message : String(error) }];
  }
}

async function checkPart(name: string, url: string): Promise<Finding> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    if (response.ok) return { state: "ok", text: `${name} is ready at ${url}` };
    const reason = (await response.text()).trim().slice(0, 200);
    return { state: "fail", text: `${name} at ${url} is not ready: ${reason || response.status}` };
  } catch (error) {
    // Nobody listens, or not within the time: that Carrel does not run is no fault of the machine.
    const reason =
      error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : "";
    return { state: "warn", text: `${name} does not answer at ${url} (${reason})` };
  }
}
