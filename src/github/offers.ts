import type { ListedRepository } from "#github/list-pages.ts";
import type { Sql } from "#platform/db.ts";

/** What the page offers a user of one installation: exactly these. */
export async function setOffers(
  sql: Sql,
  userId: string,
  installationId: number,
  repositories: ListedRepository[],
): Promise<void> {
  const usable = repositories.filter(({ archived }) => archived !== true);
  await sql.query(
    `DELETE FROM github_offers WHERE user_id = $1 AND installation_id = $2 AND NOT repository_id = ANY($3::bigint[])`,
    [userId, installationId, usable.map(({ id }) => id)],
  );
  await sql.query("DELETE FROM github_refusals WHERE user_id = $1 AND repository_id = ANY($2::bigint[])", [
    userId,
    usable.map(({ id }) => id),
  ]);
  await sql.query(
    `INSERT INTO github_offers (user_id, installation_id, repository_id, owner, name, private, pushed_at)
     SELECT $1, $2, * FROM unnest($3::bigint[], $4::text[], $5::text[], $6::boolean[], $7::timestamptz[])
     ON CONFLICT (user_id, repository_id) DO UPDATE SET (installation_id, owner, name, private, pushed_at)
       = (excluded.installation_id, excluded.owner, excluded.name, excluded.private, excluded.pushed_at)`,
    [
      userId,
      installationId,
      usable.map(({ id }) => id),
      usable.map(({ owner }) => owner.login),
      usable.map(({ name }) => name),
      usable.map((repository) => repository.private),
      usable.map((repository) => repository.pushed_at),
    ],
  );
}
