import type { Database } from "#platform/db.ts";

export interface ListedUser {
  email: string;
  role: string;
  status: string;
  tier: string;
  agents: number;
  createdAt: Date;
}

/** Every user, oldest first: for the operator's command line. */
export async function listUsers(db: Database): Promise<ListedUser[]> {
  const { rows } = await db.pool.query<ListedUser>(
    `SELECT u.email, u.role, u.status, u.tier, coalesce(q.agents, 0) AS agents, u.created_at AS "createdAt"
       FROM users u LEFT JOIN quotas q ON q.user_id = u.id
      ORDER BY u.created_at, u.id`,
  );
  return rows;
}
