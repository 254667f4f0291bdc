import type { BareRepository } from "#github/git/bare-repository.ts";
import { GitError } from "#github/git/run-git.ts";
import { AppError } from "#platform/errors.ts";

export type Push =
  | { kind: "pushed" }
  /** somebody else pushed in between: look again */
  | { kind: "moved" }
  /** the server does not take it, and says why */
  | { kind: "refused"; reason: string };

/** The only place that is ever pushed to. */
const OURS = /^carrel\/[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * Puts the commit at the branch's head. Never by force: what the branch held must be an ancestor.
 * @throws AppError internal for a branch that is not one of ours; GitError when the server cannot be reached
 */
export async function pushCommit(repository: BareRepository, commit: string, branch: string): Promise<Push> {
  if (!OURS.test(branch)) throw new AppError("internal", `${branch} is not a branch that may be pushed to.`);
  const target = `${commit}:refs/heads/${branch}`;
  try {
    await repository.remote(["push", "--porcelain", "--no-verify", "--no-thin", "origin", target], {
      timeoutMs: 600_000,
    });
    return { kind: "pushed" };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const line = error.stdout.split("\n").find((text) => text.startsWith("!"));
    if (!line) throw error;
    if (/\((fetch first|non-fast-forward|stale info|remote ref.*changed)\)/.test(line))
      return { kind: "moved" };
    return { kind: "refused", reason: refusal(error.stderr, line) };
  }
}

/** What the server said, without git's own framing. */
function refusal(stderr: string, line: string): string {
  const said = stderr
    .split("\n")
    .filter((text) => text.startsWith("remote:"))
    .map((text) => text.slice("remote:".length).trim())
    .filter((text) => text !== "");
  const short = /\[remote rejected\] \((.*)\)/.exec(line)?.[1] ?? /\((.*)\)/.exec(line)?.[1] ?? line;
  return [...said, short].join(" ").slice(0, 600);
}
