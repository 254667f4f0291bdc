import { type Database, inTransaction } from "#platform/db.ts";

/** Forgets who the user is on GitHub and what they chose there. On GitHub nothing changes. */
export async function disconnectUser(db: Database, userId: string): Promise<void> {
  await inTransaction(db.pool, async (client) => {
    await client.query("DELETE FROM github_repositories WHERE user_id = $1", [userId]);
    await client.query("DELETE FROM github_installation_users WHERE user_id = $1", [userId]);
    await client.query("DELETE FROM github_accounts WHERE user_id = $1", [userId]);
  });
}
