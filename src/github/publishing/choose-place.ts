import type { BareRepository } from "#github/git/bare-repository.ts";
import { emptyTree, makeTree, mergeTrees, topOf } from "#github/git/trees.ts";
import { type Line, placeLine } from "#github/publishing/line.ts";
import { distinctSlug } from "#github/publishing/names.ts";
import type { Database } from "#platform/db.ts";

/** What GitHub itself puts into a new repository. */
const FIRST_FILES = new Set(["README.md", ".gitignore", "LICENSE"]);

/**
 * Where an agent's files stand in a repository, decided with its first version: at the top, as a project of their own,
 * when they fit there; else in a directory that is called like the agent. So that several agents share a repository
 * without touching each other's files, one of them at most has the top.
 * @param tree the first version's
 * @param present what the default branch holds
 */
export async function choosePlace(
  db: Database,
  repository: BareRepository,
  line: Line,
  { tree, present }: { tree: string; present: string },
): Promise<string> {
  if (line.directory !== null) return line.directory;
  const base = await firstBase(repository, present);
  const fits =
    line.importedTree !== null ||
    "tree" in (await mergeTrees(repository, { base, ours: present, theirs: tree }));
  if (fits && (await placeLine(db, line, ""))) return settle(line, "");
  const taken = await topOf(repository, present);
  const directory = taken.has(line.slug) ? distinctSlug(line.slug, line.agentId) : line.slug;
  await placeLine(db, line, directory);
  return settle(line, directory);
}

/**
 * What the very first version is compared with: nothing; or, where a repository has no more than what GitHub put there
 * when it was made, that, so that the version's own README replaces it.
 */
export async function firstBase(repository: BareRepository, present: string): Promise<string> {
  const top = await topOf(repository, present);
  const isNew = [...top.keys()].every((name) => FIRST_FILES.has(name));
  const replaced = [...top].filter(([name]) => name !== "LICENSE").map(([, entry]) => entry);
  return isNew && replaced.length > 0 ? makeTree(repository, replaced) : emptyTree(repository);
}

function settle(line: Line, directory: string): string {
  line.directory = directory;
  return directory;
}
