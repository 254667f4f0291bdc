import type { Sql } from "#platform/db.ts";

/** An installation as GitHub tells it. */
export interface ToldInstallation {
  id: number;
  account: { id: number; login: string; type: string };
  target_type: string;
  repository_selection: string;
  permissions: Record<string, string>;
  suspended_at: string | null;
}

/** Keeps what GitHub says of an installation. An answer that was asked for earlier than the kept one changes nothing. */
export async function storeInstallation(sql: Sql, told: ToldInstallation, askedAt: Date): Promise<void> {
  await sql.query(
    `INSERT INTO github_installations
       (id, account_id, account_login, account_type, status, repository_selection, permissions, asked_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (id) DO UPDATE SET (account_id, account_login, account_type, status, repository_selection,
                                     permissions, asked_at)
       = (excluded.account_id, excluded.account_login, excluded.account_type, excluded.status,
          excluded.repository_selection, excluded.permissions, excluded.asked_at)
       WHERE github_installations.asked_at <= excluded.asked_at`,
    [
      told.id,
      told.account.id,
      told.account.login,
      told.target_type,
      told.suspended_at ? "suspended" : "active",
      told.repository_selection,
      told.permissions,
      askedAt,
    ],
  );
}
