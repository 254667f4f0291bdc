import type { CommitPeople } from "#github/git/trees.ts";
import { commitMessage, nameOf, whatFor } from "#github/publishing/commit-message.ts";
import { readEvidence } from "#github/publishing/evidence.ts";
import type { Line } from "#github/publishing/line.ts";
import type { Told, ToldVersion } from "#github/publishing/pull-request-text.ts";
import type { WaitingVersion } from "#github/publishing/versions.ts";
import type { Database } from "#platform/db.ts";

const COMMITTER = { name: "Carrel", email: "carrel@users.noreply.github.com" };

/** What a version's commit says, and by whom: the same each time it is asked. */
export async function wordsOf(
  db: Database,
  line: Line,
  version: WaitingVersion,
): Promise<{ message: string; people: CommitPeople }> {
  const { rows } = await db.pool.query<{ text: string }>(
    "SELECT text FROM messages WHERE run_id = $1 AND role = 'user' ORDER BY created_at, id LIMIT 1",
    [version.runId],
  );
  return {
    message: commitMessage(line, version, rows[0]?.text ?? null),
    people: { author: line.author, committer: COMMITTER, at: version.createdAt },
  };
}

interface Row {
  number: number;
  runId: string | null;
  restoredFrom: number | null;
  createdAt: Date;
  commitSha: string;
}

/** All that is on the branch, these versions included. */
export async function tellVersions(
  db: Database,
  line: Line,
  given: { branch: string; versionIds: string[]; repositoryUrl: string; base: string },
): Promise<Told> {
  const { rows } = await db.pool.query<Row>(
    `SELECT v.number, v.run_id AS "runId", v.restored_from AS "restoredFrom", v.created_at AS "createdAt", p.commit_sha AS "commitSha"
       FROM github_publications p JOIN versions v ON v.id = p.version_id
      WHERE p.agent_id = $1 AND p.repository_id = $2 AND p.branch = $3 AND p.commit_sha IS NOT NULL
        AND (p.state = 'published' OR p.version_id = ANY($4)) ORDER BY v.number`,
    [line.agentId, line.repositoryId, given.branch, given.versionIds],
  );
  const versions = await Promise.all(
    rows.map(async (row): Promise<ToldVersion> => {
      const evidence = row.runId ? await readEvidence(db, row.runId) : null;
      return { ...row, what: whatFor(row, evidence?.request ?? null), evidence };
    }),
  );
  return {
    agentName: nameOf(line),
    directory: line.directory ?? "",
    repositoryUrl: given.repositoryUrl,
    base: given.base,
    versions,
  };
}
