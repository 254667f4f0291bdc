import { keepSecrets } from "#launch/keep-secrets.ts";
import { homeOf, withDatabase } from "#launch/reach-database.ts";
import type { Database } from "#platform/db.ts";
import type { StartEnv } from "#platform/env.ts";
import { AppError } from "#platform/errors.ts";
import { listWorkspaces } from "#workspaces/list-workspaces.ts";
import { createRemoteWorkspaces, type RemoteWorkspaces } from "#workspaces/remote.ts";

const TURNS = {
  stop: {
    turn: (workspaces: RemoteWorkspaces, userId: string) => workspaces.stop(userId),
    done: "is stopped",
  },
  restart: {
    turn: (workspaces: RemoteWorkspaces, userId: string) => workspaces.restart(userId),
    done: "is running again",
  },
  wipe: {
    turn: (workspaces: RemoteWorkspaces, userId: string) => workspaces.destroy(userId),
    done: "is wiped",
  },
} as const;

/** One line for each workspace: who, how it is, where, what it uses, since when nobody has used it. */
export async function printWorkspaces(env: StartEnv): Promise<void> {
  for (const each of await withDatabase(env, (db) => listWorkspaces(db.pool))) {
    const used = each.memoryBytes === null ? "-" : `${Math.round(each.memoryBytes / 1024 ** 2)} MiB`;
    const warnings = each.warnings.map(({ kind }) => kind).join(",") || "-";
    console.log(
      [
        each.email,
        each.place === null ? each.state : `waiting (place ${each.place})`,
        each.driver,
        used,
        each.usedAt?.toISOString() ?? "-",
        warnings,
      ].join("\t"),
    );
  }
}

/** Through the runner that owns it, as web does it: Carrel has to run. */
export async function turnWorkspace(env: StartEnv, to: keyof typeof TURNS, [email]: string[]): Promise<void> {
  if (email === undefined) throw new AppError("bad_request", "Whose workspace? Give the e-mail address.");
  await withDatabase(env, async (db) => {
    const userId = await userOf(db, email);
    const workspaces = createRemoteWorkspaces({ db, secret: await runnerSecret(env) });
    await TURNS[to].turn(workspaces, userId);
  });
  console.error(`the workspace of ${email} ${TURNS[to].done}`);
}

async function userOf(db: Database, email: string): Promise<string> {
  const user = await db.prisma.user.findUnique({ where: { email }, select: { id: true } });
  if (user === null) throw new AppError("not_found", `There is no user ${email}.`);
  return user.id;
}

/** Given, or the one that embedded mode made for itself. */
async function runnerSecret(env: StartEnv): Promise<string> {
  if (env.CARREL_RUNNER_SECRET !== undefined) return env.CARREL_RUNNER_SECRET;
  if (env.DATABASE_URL === undefined) return (await keepSecrets(homeOf(env))).CARREL_RUNNER_SECRET;
  throw new AppError(
    "bad_request",
    "CARREL_RUNNER_SECRET is not set: it is what runners ask of whoever calls them.",
  );
}
