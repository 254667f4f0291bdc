import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import {
  type EmbeddedPostgres,
  embeddedPostgresUrl,
  startEmbeddedPostgres,
} from "#platform/embedded-postgres.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const PASSWORD = "a-password-for-tests";

async function start(home: string): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ home, password: PASSWORD });
  onTestFinished(() => server.stop());
  return server;
}

async function query<T extends object>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The command line of a process, or "" when it is gone. */
async function commandLine(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
}

test("data written before a stop is there after the next start", async () => {
  const home = await temporaryDirectory();
  const first = await start(home);
  await query(first.url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)");
  await first.stop();
  const second = await start(home);
  expect(second.url).toBe(first.url);
  expect(await query(second.url, "SELECT n FROM kept")).toEqual([{ n: 7 }]);
});

test("it is no superuser that Carrel works as, and nothing listens on the network", async () => {
  const { url } = await start(await temporaryDirectory());
  expect(await query(url, "SELECT rolsuper AS super FROM pg_roles WHERE rolname = current_user")).toEqual([
    { super: false },
  ]);
  expect(await query(url, "SHOW listen_addresses")).toEqual([{ listen_addresses: "" }]);
  expect(await query(url, "SHOW fsync")).toEqual([{ fsync: "on" }]);
});

test("the socket and the data are closed to other users, and a wrong password is refused", async () => {
  const home = await temporaryDirectory();
  const { url } = await start(home);
  for (const dir of ["postgres", "postgres/data", "postgres/socket"]) {
    expect((await stat(path.join(home, dir))).mode & 0o077).toBe(0);
  }
  await expect(query(url.replace(PASSWORD, "wrong"), "SELECT 1")).rejects.toThrow(
    /password authentication failed/,
  );
});

test("the server does not run as root, whoever starts it", async () => {
  const { pid } = await start(await temporaryDirectory());
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const [uid] = /^Uid:\s+(\d+)/m.exec(status)?.slice(1) ?? [];
  expect(uid).not.toBe("0");
  expect(/^CapEff:\s+(\S+)/m.exec(status)?.[1]).toBe("0000000000000000");
});

test("a home whose path is too long for a socket gets its socket elsewhere", async () => {
  const home = path.join(await temporaryDirectory(), "a".repeat(60), "b".repeat(60));
  await mkdir(home, { recursive: true });
  const { url } = await start(home);
  const socket = new URL(url).searchParams.get("host") ?? "";
  expect(socket).toMatch(/^\/tmp\/carrel-\d+-[0-9a-f]{12}$/);
  expect(await embeddedPostgresUrl(home, PASSWORD)).toBe(url);
  expect(await query(url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

test("a server whose parent was killed ends by itself once its sessions have ended", async () => {
  const home = await temporaryDirectory();
  const { url, pid } = await startInAnotherProcess(home);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await killParentOf(pid);
  expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  await client.end();
  await expect.poll(() => commandLine(pid), { timeout: 10_000 }).toBe("");
});

test("the next start ends a server that was left behind, and nothing that was committed is lost", async () => {
  const home = await temporaryDirectory();
  const { url, pid } = await startInAnotherProcess(home);
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {
    // The server that it belongs to is ended by the start below.
  });
  await client.connect();
  await client.query("CREATE TABLE kept (n int)");
  await client.query("INSERT INTO kept VALUES (1)");
  await killParentOf(pid);
  const next = await start(home);
  expect(next.pid).not.toBe(pid);
  expect(await commandLine(pid)).toBe("");
  expect(await query(next.url, "SELECT n FROM kept")).toEqual([{ n: 1 }]);
});

test("after kill -9 of the server itself the next start recovers what was committed", async () => {
  const home = await temporaryDirectory();
  const first = await start(home);
  await query(first.url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)");
  process.kill(first.pid, "SIGKILL");
  await first.exited;
  const second = await start(home);
  expect(await query(second.url, "SELECT n FROM kept")).toEqual([{ n: 1 }]);
});

test("a lock file with the number of a stranger's process hurts neither the start nor the stranger", async () => {
  const home = await temporaryDirectory();
  const first = await start(home);
  const pidFile = path.join(home, "postgres/data/postmaster.pid");
  const text = await readFile(pidFile, "utf8");
  await first.stop();
  const stranger = spawn("sleep", ["60"]);
  onTestFinished(() => void stranger.kill());
  await once(stranger, "spawn");
  await writeFile(pidFile, text.replace(/^\d+/, String(stranger.pid)));
  await start(home);
  expect(stranger.exitCode).toBeNull();
});

test("a start that was killed while the data were made begins anew", async () => {
  const home = await temporaryDirectory();
  const { stop } = await start(home);
  await stop();
  await mkdir(path.join(home, "postgres/data.new/half"), { recursive: true });
  const again = await start(home);
  expect(await query(again.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

test("data of another PostgreSQL are named and left as they are", async () => {
  const home = await temporaryDirectory();
  await (await start(home)).stop();
  const versionFile = path.join(home, "postgres/data/PG_VERSION");
  await writeFile(versionFile, "17\n");
  await expect(start(home)).rejects.toThrow(/was made by PostgreSQL 17, this is 18/);
  expect(await readFile(versionFile, "utf8")).toBe("17\n");
});

test("a server that cannot start says why in one line", async () => {
  const home = await temporaryDirectory();
  await expect(
    startEmbeddedPostgres({ home, password: PASSWORD, settings: { shared_buffers: "nonsense" } }),
  ).rejects.toThrow(/PostgreSQL did not start: .*invalid value for parameter "shared_buffers"/);
});

/** A server whose parent is a process that the test can kill. */
async function startInAnotherProcess(home: string): Promise<{ url: string; pid: number }> {
  const script = `
    import { startEmbeddedPostgres } from "#platform/embedded-postgres.ts";
    const { url, pid } = await startEmbeddedPostgres(${JSON.stringify({ home, password: PASSWORD })});
    process.stdout.write(JSON.stringify({ url, pid }));
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void parent.kill("SIGKILL"));
  const [output] = (await once(parent.stdout, "data")) as [Buffer];
  return JSON.parse(output.toString());
}

async function killParentOf(pid: number): Promise<void> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  process.kill(Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]), "SIGKILL");
}
