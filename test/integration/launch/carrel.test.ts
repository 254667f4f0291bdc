import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { sha256 } from "#platform/crypto.ts";
import { freshDatabase } from "../../support/database.ts";
import { type Finished, runNode } from "../../support/run-node.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const carrel = (env: Record<string, string>, ...args: string[]): Promise<Finished> =>
  runNode(["src/carrel.ts", ...args], env);

test("a token stands alone on stdout, works by its hash, and makes its user when missing", async () => {
  const { url, db, drop } = await freshDatabase();
  const env = { DATABASE_URL: url };
  const { stdout, code } = await carrel(
    env,
    "token",
    "create",
    "--user",
    "New@Example.org",
    "--scopes",
    "api:read",
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(/^carrel_[\w-]{43}\n$/);
  const { rows } = await db.pool.query(
    "SELECT email, role, scopes FROM api_tokens JOIN users ON users.id = user_id WHERE hash = $1",
    [sha256(stdout.trim())],
  );
  expect(rows).toEqual([{ email: "new@example.org", role: "member", scopes: ["api:read"] }]);

  await carrel(env, "token", "create", "--user", "new@example.org", "--operator");
  expect((await db.pool.query("SELECT role FROM users")).rows).toEqual([{ role: "operator" }]);
  await drop();
});

test("users are listed, suspended and let in again", async () => {
  const { url, db, drop } = await freshDatabase();
  const env = { DATABASE_URL: url };
  await carrel(env, "token", "create", "--user", "one@example.org");
  expect((await carrel(env, "user", "suspend", "one@example.org")).code).toBe(0);
  expect((await carrel(env, "user", "list")).stdout).toMatch(
    /^one@example\.org\tmember\tsuspended\tfree\t0 agents\t/,
  );
  await carrel(env, "user", "unsuspend", "one@example.org");
  expect((await db.pool.query("SELECT status FROM users")).rows).toEqual([{ status: "active" }]);
  await drop();
});

test("a mistake is told in one line on stderr, with nothing on stdout", async () => {
  const { url, drop } = await freshDatabase();
  const env = { DATABASE_URL: url };
  const mistakes: [string[], string][] = [
    [["token", "create"], "--user <email> is missing"],
    [
      ["token", "create", "--user", "a@b", "--scopes", "all"],
      "--scopes: there is no all; there are api, api:read, models",
    ],
    [["token", "create", "--usr", "a@b"], "Unknown option '--usr'"],
    [["user", "suspend", "nobody@example.org"], "No user has the address nobody@example.org."],
  ];
  for (const [args, line] of mistakes) {
    expect(await carrel(env, ...args)).toEqual({ code: 1, stdout: "", stderr: `${line}\n` });
  }
  await drop();
});

test("without Carrel running, the embedded database is started for the moment and ends with the command", async () => {
  const home = await temporaryDirectory();
  const { stdout } = await carrel({ CARREL_HOME: home }, "token", "create", "--user", "a@example.org");
  expect(stdout).toMatch(/^carrel_/);
  expect(await readdir(`${home}/postgres/data`)).not.toContain("postmaster.pid");
  expect((await carrel({ CARREL_HOME: home }, "user", "list")).stdout).toMatch(/^a@example\.org\t/);
});

test("two commands at once on an installation that does not run both do their work", async () => {
  const env = { CARREL_HOME: await temporaryDirectory() };
  const outcomes = await Promise.all([
    carrel(env, "token", "create", "--user", "a@example.org"),
    carrel(env, "token", "create", "--user", "b@example.org"),
  ]);
  expect(outcomes.map(({ stderr }) => stderr)).toEqual(["", ""]);
  expect((await carrel(env, "user", "list")).stdout.trim().split("\n")).toHaveLength(2);
});

test("doctor names what it looked at and finds this machine sound", async () => {
  const { stdout, code } = await carrel({ CARREL_HOME: await temporaryDirectory() }, "doctor");
  expect(stdout).toMatch(/^ok +PostgreSQL 18\.\d+, embedded, with \d+ migrations$/m);
  expect(stdout).not.toMatch(/^fail/m);
  expect(code).toBe(0);
});
