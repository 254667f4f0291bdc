import type { GitHub, InstallationClient, Permissions } from "#github/app.ts";
import { type GitSurroundings, openBareRepository } from "#github/git/bare-repository.ts";
import { type Checked, checkVersions } from "#github/publishing/check-versions.ts";
import { chooseTarget, type Target } from "#github/publishing/choose-target.ts";
import type { Holding } from "#github/publishing/holding.ts";
import { type Line, openLine } from "#github/publishing/line.ts";
import { concludeVersions, type Outcome, type Reason } from "#github/publishing/record.ts";
import { type Repository, readRepository } from "#github/publishing/repository.ts";
import { sendVersions } from "#github/publishing/send-versions.ts";
import {
  claimedVersions,
  type PresentVersion,
  presentVersion,
  type WaitingVersion,
} from "#github/publishing/versions.ts";
import { requirePush } from "#github/require-push.ts";
import { ROUNDS } from "#github/tunables.ts";
import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

export interface PublishingParts {
  db: Database;
  github: GitHub;
  git: GitSurroundings;
}

/** What one round works with: rows, and GitHub as it was when the round began. */
export interface Round {
  parts: PublishingParts;
  holding: Holding;
  client: InstallationClient;
  line: Line;
  repository: Repository;
  target: Target;
  /** the newest version that the target holds already */
  present: PresentVersion | null;
}

/**
 * Brings the claimed versions into the agent's pull request. May be done again from any point: what an attempt before
 * this one left on GitHub is found by the commits that were noted before they were sent.
 * @throws AppError, GitError, LetGo; what was concluded until then stays so
 */
export async function publishVersions(parts: PublishingParts, holding: Holding): Promise<void> {
  const { claim } = holding;
  const line = await openLine(parts.db, claim);
  const workflows = await mayChangeWorkflows(parts.db, claim.installationId);
  const permissions: Permissions = { contents: "write", pull_requests: "write" };
  if (workflows) permissions.workflows = "write";
  await parts.github.inRepository(claim, permissions, async (client) => {
    const repository = await readRepository(client, line);
    await requirePush(parts.db, client.octokit, {
      ...repository,
      userId: line.userId,
      repositoryId: repository.id,
    });
    for (let number = 1; number <= ROUNDS; number += 1) {
      const target = await chooseTarget(parts.db, client, line, repository);
      const present = await presentVersion(parts.db, line, target.branch);
      const round = { parts, holding, client, line, repository, target, present };
      if (await goRound(round, workflows)) return;
    }
    throw new AppError("unavailable", "The branch changes all the time; this is tried again later.");
  });
}

const LATE: Reason = { code: "superseded", message: "A newer version is published already." };

/** @returns false when what was found on GitHub has changed meanwhile: look again */
async function goRound(round: Round, workflows: boolean): Promise<boolean> {
  const { parts, holding, line, present, repository, client } = round;
  const claimed = await claimedVersions(parts.db, holding.claim);
  const isLate = ({ number }: WaitingVersion) => present !== null && number < present.number;
  await concludeVersions(
    parts.db,
    holding,
    claimed.filter(isLate).map(({ id }) => [id, { state: "failed", reason: LATE }]),
  );
  const waiting = claimed.filter((version) => !isLate(version));
  const { passed, blocked } = await checkVersions(parts.db, line, waiting, {
    presentTree: present?.treeHash ?? line.importedTree ?? null,
    mayChangeWorkflows: workflows,
    signal: holding.signal,
  });
  await concludeVersions(parts.db, holding, blocked.map(blockedOutcome));
  if (passed.length === 0) return true;
  const url = `${parts.github.webUrl}/${repository.owner}/${repository.name}.git`;
  const bare = await openBareRepository(parts.git, { url, token: client.token }, holding.signal);
  try {
    return await sendVersions(round, bare, passed);
  } finally {
    await bare.remove();
  }
}

function blockedOutcome({ version, obstacles }: Checked["blocked"][number]): [string, Outcome] {
  const [first] = obstacles;
  const message = `${first?.path}: ${first?.message}`;
  return [
    version.id,
    { state: "blocked", reason: { code: first?.code ?? "blocked", message, places: obstacles } },
  ];
}

/** GitHub takes changes below .github/workflows from an App only with a permission of their own. */
export async function mayChangeWorkflows(db: Database, installationId: number): Promise<boolean> {
  const { rows } = await db.pool.query<{ may: boolean }>(
    "SELECT coalesce(permissions->>'workflows' = 'write', false) AS may FROM github_installations WHERE id = $1",
    [installationId],
  );
  return rows[0]?.may ?? false;
}
