-- Existing code comes from a repository or from an uploaded file; what follows is the same.
ALTER TABLE "github_imports" RENAME TO "code_imports";
ALTER TABLE "code_imports" RENAME CONSTRAINT "github_imports_pkey" TO "code_imports_pkey";
ALTER TABLE "code_imports" RENAME CONSTRAINT "github_imports_agent_id_fkey" TO "code_imports_agent_id_fkey";
ALTER TABLE "code_imports" RENAME CONSTRAINT "github_imports_user_id_fkey" TO "code_imports_user_id_fkey";
ALTER INDEX "github_imports_waiting" RENAME TO "code_imports_waiting";
ALTER INDEX "github_imports_user_id_idx" RENAME TO "code_imports_user_id_idx";

ALTER TABLE "code_imports"
    ALTER COLUMN "installation_id" DROP NOT NULL,
    ALTER COLUMN "repository_id" DROP NOT NULL,
    ALTER COLUMN "branch" DROP NOT NULL,
    ADD COLUMN "source" TEXT NOT NULL DEFAULT 'repository',
    ADD COLUMN "upload_id" TEXT,
    ADD COLUMN "file_name" TEXT,
    ADD COLUMN "fingerprint" TEXT,
    ADD COLUMN "upload_key" TEXT,
    ADD COLUMN "code" TEXT,
    ADD COLUMN "reason" TEXT,
    ADD COLUMN "entry" TEXT,
    ADD CONSTRAINT "code_imports_source" CHECK (
        "source" = 'repository' AND "installation_id" IS NOT NULL AND "repository_id" IS NOT NULL AND "branch" IS NOT NULL
        OR "source" = 'upload' AND "upload_id" IS NOT NULL AND "file_name" IS NOT NULL AND "fingerprint" IS NOT NULL
           AND "repository_id" IS NULL);

-- The release before still writes and reads imports from repositories while this one is rolled out, and compares the
-- first run with whatever was brought; a later migration drops it.
CREATE VIEW "github_imports" AS
SELECT "agent_id", "user_id", "installation_id", "repository_id", "branch", "commit_sha", "tree_hash", "state", "files_total",
       "files_done", "skipped", "error", "attempts", "lease_until", "created_at", "ended_at"
  FROM "code_imports" WHERE "source" = 'repository' OR "state" = 'done';
