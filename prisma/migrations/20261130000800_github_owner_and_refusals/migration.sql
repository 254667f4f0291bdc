-- Whose App it is decides where on GitHub it is administered.
ALTER TABLE "github_app" ADD COLUMN "owner_type" TEXT NOT NULL DEFAULT 'User';

-- Repositories that GitHub said this person may not push to: not asked again at every event.
CREATE TABLE "github_refusals" (
    "user_id" TEXT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "github_refusals_pkey" PRIMARY KEY ("user_id", "repository_id"),
    CONSTRAINT "github_refusals_user_id_installation_id_fkey" FOREIGN KEY ("user_id", "installation_id") REFERENCES "github_installation_users"("user_id", "installation_id") ON DELETE CASCADE ON UPDATE CASCADE
);
