import type { InstallationClient } from "#github/app.ts";
import type { Line } from "#github/publishing/line.ts";
import { isBranchName } from "#github/publishing/names.ts";
import { AppError } from "#platform/errors.ts";

/** The repository as GitHub has it now. */
export interface Repository {
  id: number;
  owner: string;
  name: string;
  defaultBranch: string;
}

/** @throws AppError conflict when it is another one, or takes no pushes */
export async function readRepository(client: InstallationClient, line: Line): Promise<Repository> {
  const { data } = await client.octokit.request("GET /repos/{owner}/{repo}", {
    owner: line.owner,
    repo: line.name,
  });
  if (data.id !== line.repositoryId)
    throw refused(
      "out_of_reach",
      `${line.owner}/${line.name} is another repository than the one that was chosen.`,
    );
  if (data.archived) throw refused("archived", `${data.full_name} is archived: it takes no pushes.`);
  if (!isBranchName(data.default_branch))
    throw refused("default_branch", "The name of the repository's default branch cannot be used.");
  return { id: data.id, owner: data.owner.login, name: data.name, defaultBranch: data.default_branch };
}

/** Whether the commit is in the history of the other. */
export async function isContained(
  client: InstallationClient,
  repository: Repository,
  commit: string,
  inCommit: string,
): Promise<boolean> {
  if (commit === inCommit) return true;
  const found = await compare(client, repository, commit, inCommit);
  return found !== null && (found.status === "ahead" || found.status === "identical");
}

/** Where two commits' histories parted. null: nowhere, or one of them is not there. */
export async function mergeBaseOf(
  client: InstallationClient,
  repository: Repository,
  one: string,
  other: string,
): Promise<string | null> {
  return (await compare(client, repository, one, other))?.merge_base_commit.sha ?? null;
}

async function compare(client: InstallationClient, repository: Repository, base: string, head: string) {
  try {
    const { data } = await client.octokit.request("GET /repos/{owner}/{repo}/compare/{basehead}", {
      owner: repository.owner,
      repo: repository.name,
      basehead: `${base}...${head}`,
      per_page: 1,
    });
    return data;
  } catch (error) {
    // A commit that never arrived there.
    if ((error as { status?: number }).status === 404) return null;
    throw error;
  }
}

export function refused(reason: string, message: string): AppError {
  return new AppError("conflict", message, { details: { reason } });
}
