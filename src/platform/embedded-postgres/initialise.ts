import { spawn } from "node:child_process";
import { once } from "node:events";
import { chown, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import { newSecret } from "#platform/crypto.ts";
import { exists, type Place } from "#platform/embedded-postgres/place.ts";
import type { Command, Launcher } from "#platform/embedded-postgres/unprivileged.ts";
import { AppError } from "#platform/errors.ts";

const MAJOR = "18";

/**
 * Makes the cluster when there is none. It is made beside its place and renamed when it is complete, so that a start
 * that is killed half way leaves nothing that looks like data. Carrel's role owns its database and is no superuser;
 * the superuser's password is thrown away.
 */
export async function initialise(
  place: Place,
  launcher: Launcher,
  options: { password: string; durable: boolean },
): Promise<void> {
  if (await exists(place.data)) {
    const version = (await readFile(path.join(place.data, "PG_VERSION"), "utf8")).trim();
    if (version === MAJOR) return;
    throw new AppError(
      "conflict",
      `${place.data} was made by PostgreSQL ${version}, this is ${MAJOR}: dump and restore it`,
    );
  }
  const half = path.join(place.root, "data.new");
  const passwordFile = path.join(place.root, "superuser-password");
  await rm(half, { recursive: true, force: true });
  try {
    await writeFile(passwordFile, newSecret(), { mode: 0o600 });
    if (place.uid !== undefined) await chown(passwordFile, place.uid, place.uid);
    await run(
      launcher.command("initdb", [
        `--pgdata=${launcher.root}/data.new`,
        `--pwfile=${launcher.root}/superuser-password`,
        "--username=postgres",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
        ...(options.durable ? [] : ["--no-sync"]),
      ]),
      "",
    );
    // The single-user mode needs no password, so nobody ever has to know the superuser's. Secrets are base64url.
    await run(
      launcher.command("postgres", ["--single", "-D", `${launcher.root}/data.new`, "postgres"]),
      `CREATE ROLE carrel LOGIN CREATEDB PASSWORD '${options.password}';
GRANT pg_monitor TO carrel;
CREATE DATABASE carrel OWNER carrel;
`,
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(half, place.data);
}

async function run({ file, args }: Command, input: string): Promise<void> {
  const child = spawn(file, args, { env: POSTGRES_ENV, stdio: "pipe", detached: true });
  child.stdin.on("error", () => {
    // A program that ended early does not read its input; its exit code tells the story.
  });
  child.stdin.end(input);
  const [[code], output, errors] = await Promise.all([
    once(child, "exit") as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  if (code === 0 && !/^\S+ \S+ \S+ \[\d+\] (ERROR|FATAL)/m.test(errors)) return;
  const reason = lastLine(errors) || lastLine(output) || `exit code ${code}`;
  throw new AppError("unavailable", `PostgreSQL's data could not be made: ${reason}`);
}

function lastLine(output: string): string {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  // initdb ends with what it removed; the reason is the line that says error, fatal or the like.
  const telling =
    lines.findLast((line) => /error|fatal|could not|no space|denied/i.test(line)) ?? lines.at(-1);
  return telling?.replace(/^[\d-]+ [\d:.]+ UTC \[\d+\] /, "") ?? "";
}

/** Nothing of ours reaches the server's environment, and its messages are in the language that we read. */
export const POSTGRES_ENV = {
  PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C",
  TZ: "UTC",
} as Partial<NodeJS.ProcessEnv> as NodeJS.ProcessEnv;
