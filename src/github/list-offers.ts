import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";

export interface OfferedRepository {
  owner: string;
  name: string;
  private: boolean;
  pushedAt: string | null;
}

interface Row extends Omit<OfferedRepository, "pushedAt"> {
  id: number;
  pushedAt: Date | null;
}

/** What a user can choose from, by name. The cursor is the last repository's number. @throws AppError bad_request */
export async function listOffers(
  db: Database,
  userId: string,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ repositories: OfferedRepository[]; nextCursor: string | null }> {
  const after = page.cursor ?? null;
  if (after !== null && !/^\d{1,15}$/.test(after)) {
    throw new AppError("bad_request", "The cursor is not one of ours.");
  }
  const { rows } = await db.pool.query<Row>(
    `SELECT o.repository_id AS id, o.owner, o.name, o.private, o.pushed_at AS "pushedAt"
       FROM github_offers o JOIN github_installations i ON i.id = o.installation_id
      WHERE o.user_id = $1 AND i.status = 'active' AND ($2::bigint IS NULL OR (o.owner, o.name) >
             (SELECT owner, name FROM github_offers WHERE user_id = $1 AND repository_id = $2))
      ORDER BY o.owner, o.name LIMIT $3`,
    [userId, after, page.limit + 1],
  );
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    repositories: shown.map(({ id: _id, pushedAt, ...row }) => ({
      ...row,
      pushedAt: pushedAt?.toISOString() ?? null,
    })),
    nextCursor: rows.length > page.limit && last ? String(last.id) : null,
  };
}
