import { makeFirstCommit } from "#github/first-commit.ts";
import type { BareRepository } from "#github/git/bare-repository.ts";
import { fetchBranches } from "#github/git/fetch-branches.ts";
import { pushCommit } from "#github/git/push-commit.ts";
import { treeOf } from "#github/git/trees.ts";
import type { CheckedVersion } from "#github/publishing/check-versions.ts";
import { choosePlace } from "#github/publishing/choose-place.ts";
import { holdsOurs, newTarget } from "#github/publishing/choose-target.ts";
import { type Composed, composeCommits, placeTree } from "#github/publishing/compose-commits.ts";
import { importVersions } from "#github/publishing/import-versions.ts";
import { conflictsWithDefault } from "#github/publishing/meet-default-branch.ts";
import { offerConflict } from "#github/publishing/offer-conflict.ts";
import type { Round } from "#github/publishing/publish-versions.ts";
import { putPullRequest } from "#github/publishing/put-pull-request.ts";
import { concludeVersions, keepCommits, type Outcome } from "#github/publishing/record.ts";
import { isContained, refused } from "#github/publishing/repository.ts";
import { tellVersions, wordsOf } from "#github/publishing/tell-versions.ts";

/** Where a branch stands: the default branch's head, and its own once it is there. */
interface Heads {
  main: string;
  tip: string | undefined;
}

/** Makes the commits, pushes them, says so in the pull request. @returns false when GitHub is to be looked at again */
export async function sendVersions(
  round: Round,
  bare: BareRepository,
  versions: CheckedVersion[],
): Promise<boolean> {
  const { parts, holding, client, line, repository, target } = round;
  const found = await fetchBranches(bare, [repository.defaultBranch, target.branch]);
  const main = found.get(repository.defaultBranch);
  if (!main) {
    holding.assertHeld();
    await makeFirstCommit(client.octokit, {
      owner: repository.owner,
      repo: repository.name,
      branch: repository.defaultBranch,
    });
    return false;
  }
  const heads = { main, tip: found.get(target.branch) };
  const sent = await countSent(round, versions, heads.tip);
  if (heads.tip && sent === 0 && !target.pullRequest && !(await isOurs(round, heads.tip))) {
    // Somebody else's branch has the name that ours was to have.
    await newTarget(parts.db, line);
    return false;
  }
  const composed = await compose(round, bare, heads, versions, sent);
  await concludeConflicts(round, versions, composed.conflicts, heads.tip ?? main, "what people changed");
  const clash = await meetDefault(round, bare, heads, composed);
  if (clash.size > 0) {
    await concludeConflicts(round, versions, clash, main, `the branch ${repository.defaultBranch}`);
    return true;
  }
  if (!(await push(round, bare, composed))) return false;
  return tell(round, versions.slice(0, sent), composed, main);
}

function isOurs({ parts, client, line, repository, target }: Round, tip: string): Promise<boolean> {
  return holdsOurs(parts.db, client, line, repository, { branch: target.branch, tip });
}

/** How many of the versions an attempt before this one has brought to the branch. */
async function countSent(round: Round, versions: CheckedVersion[], tip: string | undefined): Promise<number> {
  if (!tip) return 0;
  for (let index = versions.length - 1; index >= 0; index -= 1) {
    const { branch, commitSha } = versions[index] as CheckedVersion;
    if (branch !== round.target.branch || !commitSha) continue;
    if (await isContained(round.client, round.repository, commitSha, tip)) return index + 1;
  }
  return 0;
}

async function compose(
  { parts, line, present }: Round,
  bare: BareRepository,
  { main, tip }: Heads,
  versions: CheckedVersion[],
  sent: number,
): Promise<Composed> {
  const parent = tip ?? main;
  const left = versions.slice(sent);
  if (left.length === 0) return { head: parent, commits: new Map(), conflicts: new Map() };
  const before = versions[sent - 1]?.treeHash ?? present?.treeHash ?? null;
  const imported = await importVersions(parts.db, bare, line, {
    before,
    main,
    trees: left.map(({ entries }) => entries),
  });
  const [first = ""] = imported.trees;
  const directory = await choosePlace(parts.db, bare, line, {
    tree: first,
    present: await treeOf(bare, main),
  });
  const placed = await Promise.all(
    left.map(async (version, index) => ({
      id: version.id,
      tree: await placeTree(bare, imported.trees[index] ?? "", directory),
      ...(await wordsOf(parts.db, line, version)),
    })),
  );
  return composeCommits(bare, parent, await imported.base(directory), placed);
}

/** By version, the files in which the branch would then conflict with the default branch. */
async function meetDefault(
  { client, repository }: Round,
  bare: BareRepository,
  { main, tip }: Heads,
  composed: Composed,
): Promise<Map<string, string[]>> {
  const made = madeOf(composed);
  if (made.length === 0) return new Map();
  const files = await conflictsWithDefault(bare, client, repository, { main, tip, head: composed.head });
  return new Map(files.length === 0 ? [] : made.map(([versionId]) => [versionId, files]));
}

async function concludeConflicts(
  { parts, holding, line }: Round,
  versions: CheckedVersion[],
  conflicts: Map<string, string[]>,
  head: string,
  what: string,
): Promise<void> {
  const outcomes = [...conflicts].map(([versionId, files]): [string, Outcome] => {
    const message = `It conflicts with ${what}: ${files.slice(0, 5).join(", ")}`;
    return [
      versionId,
      { state: "conflict", reason: { code: "conflict", message, places: files.map((path) => ({ path })) } },
    ];
  });
  // Together: a runner that dies in between would leave a conflict that nobody is offered to put right.
  await concludeVersions(parts.db, holding, outcomes, null, async (sql) => {
    for (const [versionId, files] of conflicts) {
      const number = versions.find(({ id }) => id === versionId)?.number ?? 0;
      await offerConflict(sql, line, { versionId, number, files, what, head });
    }
  });
}

/** @returns false when somebody else pushed in between */
async function push(
  { parts, holding, target }: Round,
  bare: BareRepository,
  composed: Composed,
): Promise<boolean> {
  const made = madeOf(composed);
  if (made.length === 0) return true;
  await keepCommits(parts.db, holding, target.branch, made);
  holding.assertHeld();
  const result = await pushCommit(bare, composed.head, target.branch);
  if (result.kind === "refused") throw refused("push_refused", result.reason);
  return result.kind === "pushed";
}

/** @returns false when the pull request was merged or closed before it had the versions */
async function tell(
  { parts, holding, client, line, repository, target }: Round,
  sent: CheckedVersion[],
  composed: Composed,
  base: string,
): Promise<boolean> {
  const present = [...sent.map(({ id }) => id), ...madeOf(composed).map(([id]) => id)];
  const unchanged = [...composed.commits].filter(([, commit]) => commit === null).map(([id]) => id);
  if (present.length > 0) {
    const repositoryUrl = `${parts.github.webUrl}/${repository.owner}/${repository.name}`;
    const told = await tellVersions(parts.db, line, {
      branch: target.branch,
      versionIds: present,
      repositoryUrl,
      base,
    });
    const facts = await putPullRequest(client, holding, repository, target, told);
    if (facts.state !== "open") return false;
    await concludeVersions(
      parts.db,
      holding,
      present.map((id) => [id, { state: "published" }]),
      facts,
    );
  }
  await concludeVersions(
    parts.db,
    holding,
    unchanged.map((id) => [id, { state: "unchanged" }]),
  );
  return true;
}

function madeOf({ commits }: Composed): [versionId: string, commit: string][] {
  return [...commits].flatMap(([id, commit]): [string, string][] => (commit === null ? [] : [[id, commit]]));
}
