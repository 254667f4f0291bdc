import { parseArgs } from "node:util";
import { listUsers } from "#accounts/list-users.ts";
import { createToken, SCOPES, type Scope } from "#accounts/tokens.ts";
import { findOrCreateUser, findUserByEmail, setUserRole, setUserStatus } from "#accounts/users.ts";
import { examine } from "#launch/doctor.ts";
import { withDatabase } from "#launch/reach-database.ts";
import { signInUrl } from "#launch/sign-in-url.ts";
import { tellError } from "#launch/tell-error.ts";
import { printWorkspaces, turnWorkspace } from "#launch/workspace-command.ts";
import { correctCall } from "#ledger/correct-call.ts";
import { giveCredit } from "#ledger/credit.ts";
import { readEnv, StartEnv } from "#platform/env.ts";
import { AppError } from "#platform/errors.ts";

// The operator's command line. What a script wants to read is alone on stdout; everything else goes to stderr.

const USAGE = `npm run carrel -- <command>

  doctor                        examines this machine and this installation
  token create --user <email>   prints a personal token; makes the user when missing
      [--name <name>] [--scopes ${SCOPES.join(",")}] [--operator]
  user list
  user suspend <email>          and \`user unsuspend <email>\`
  workspace list                who, state, driver, memory, last use, warnings
  workspace stop <email>        and \`restart\`, \`wipe\` (which removes all files in it)
  credit <email>                gives back what should not have been charged; the user sees the reason
      --usd <sum> --reason <text> [--run <id>]
  correct <call>                puts right what a call cost, by an entry of its own; a charge is only ever lowered
      --reason <text> [--usd <charged>] [--provider-usd <billed>]
      [--month <yyyy-mm>]       in which it was held: of a call written within an hour after a month's end (UTC)
      [--despite-credits]       when the credits given since, to its run or its user, were for something else
  sign-in                       prints a fresh link that signs the local user in (embedded mode)`;

type Command = (env: StartEnv, args: string[]) => Promise<void>;

const COMMANDS: Record<string, Command> = {
  doctor: async (env) => {
    if (!(await examine(env))) process.exitCode = 1;
  },
  "token create": printNewToken,
  "user list": printUsers,
  "user suspend": (env, args) => setStatus(env, args, "suspended"),
  "user unsuspend": (env, args) => setStatus(env, args, "active"),
  "workspace list": printWorkspaces,
  "workspace stop": (env, args) => turnWorkspace(env, "stop", args),
  "workspace restart": (env, args) => turnWorkspace(env, "restart", args),
  "workspace wipe": (env, args) => turnWorkspace(env, "wipe", args),
  credit: creditUser,
  correct: correctEntry,
  "sign-in": printSignInLink,
};

async function printNewToken(env: StartEnv, args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      user: { type: "string" },
      name: { type: "string", default: "command line" },
      scopes: { type: "string", default: SCOPES.join(",") },
      operator: { type: "boolean", default: false },
    },
  });
  const { user: email, name, operator } = values;
  if (!email?.includes("@")) throw new AppError("bad_request", "--user <email> is missing");
  const scopes = values.scopes.split(",").map(readScope);
  const token = await withDatabase(env, async (db) => {
    const role = operator ? "operator" : "member";
    const user = await findOrCreateUser(db, { email, role, emailVerified: new Date() });
    if (operator && user.role !== "operator") await setUserRole(db, email, "operator");
    return (await createToken(db, { userId: user.id, name, scopes })).token;
  });
  console.log(token);
}

function readScope(text: string): Scope {
  const scope = SCOPES.find((known) => known === text.trim());
  if (scope === undefined) {
    throw new AppError("bad_request", `--scopes: there is no ${text}; there are ${SCOPES.join(", ")}`);
  }
  return scope;
}

async function printUsers(env: StartEnv): Promise<void> {
  const users = await withDatabase(env, listUsers);
  for (const { email, role, status, tier, agents, createdAt } of users) {
    console.log(
      [
        email,
        role,
        status,
        tier,
        `${agents} ${agents === 1 ? "agent" : "agents"}`,
        createdAt.toISOString(),
      ].join("\t"),
    );
  }
}

async function setStatus(env: StartEnv, [email]: string[], status: "active" | "suspended"): Promise<void> {
  if (email === undefined) throw new AppError("bad_request", "Which user? Give the e-mail address.");
  await withDatabase(env, (db) => setUserStatus(db, email, status));
  console.error(`${email} is ${status}`);
}

async function creditUser(env: StartEnv, args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { usd: { type: "string" }, reason: { type: "string" }, run: { type: "string" } },
  });
  const [email] = positionals;
  const reason = values.reason?.trim();
  if (!email || !values.usd || !reason) throw new AppError("bad_request", USAGE);
  const amount = readMicroUsd("--usd", values.usd);
  await withDatabase(env, async (db) => {
    const user = await findUserByEmail(db, email);
    if (!user) throw new AppError("not_found", `There is no user ${email}`);
    await giveCredit(db, { userId: user.id, runId: values.run ?? null, amount, reason });
  });
  console.error(`${email} is credited ${amount} micro-dollars`);
}

async function correctEntry(env: StartEnv, args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      usd: { type: "string" },
      "provider-usd": { type: "string" },
      reason: { type: "string" },
      month: { type: "string" },
      "despite-credits": { type: "boolean", default: false },
    },
  });
  const [callId] = positionals;
  const { usd, "provider-usd": billed, month, "despite-credits": despiteCredits } = values;
  const reason = values.reason?.trim();
  if (!callId || !reason || (usd === undefined && billed === undefined)) {
    throw new AppError("bad_request", USAGE);
  }
  const charged = usd === undefined ? undefined : readMicroUsd("--usd", usd);
  const provider = billed === undefined ? undefined : readMicroUsd("--provider-usd", billed);
  const correction = { callId, charged, provider, reason, month, despiteCredits };
  await withDatabase(env, (db) => correctCall(db, correction));
  console.error(`${callId} is corrected`);
}

/** Dollars with up to six places, exactly. */
function readMicroUsd(option: string, text: string): number {
  const [, whole, places = ""] = /^(\d{1,6})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (whole === undefined) throw new AppError("bad_request", `${option}: dollars, e.g. 1.25`);
  return Number(whole) * 1_000_000 + Number(places.padEnd(6, "0"));
}

async function printSignInLink(env: StartEnv): Promise<void> {
  if (env.CARREL_MODE !== "embedded") {
    throw new AppError("bad_request", "The local sign-in exists in embedded mode only (CARREL_MODE)");
  }
  await withDatabase(env, async (db, running) => {
    console.log(await signInUrl(db, running?.url ?? env.NEXTAUTH_URL ?? `http://localhost:${env.PORT}`));
    if (running === null) console.error("Carrel does not run: start it, then open the link.");
  });
}

async function run(argv: string[]): Promise<void> {
  const words = COMMANDS[argv[0] ?? ""] === undefined ? 2 : 1;
  const command = COMMANDS[argv.slice(0, words).join(" ")];
  if (command === undefined) throw new AppError("bad_request", USAGE);
  await command(readEnv(StartEnv, process.env), argv.slice(words));
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  // parseArgs throws a TypeError with a code, in which it names the argument that it does not know.
  const wrongArgument = error instanceof TypeError && "code" in error;
  tellError(wrongArgument ? new AppError("bad_request", error.message) : error);
}
process.exit();
