-- How far a version has come is told by its publication alone. The column stays for one release, because processes of
-- the one before still write and read it while this one is rolled out; a later migration drops it.
ALTER TABLE "versions" ALTER COLUMN "publishing" SET DEFAULT '{"state":"none","branch":null,"commitSha":null,"pullRequest":null}';
-- The version whose files this one brought back.
ALTER TABLE "versions" ADD COLUMN "restored_from" INTEGER;

-- Where an agent's versions go in a repository.
CREATE TABLE "github_lines" (
    "agent_id" TEXT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "slug" TEXT NOT NULL,
    "directory" TEXT,
    "ordinal" INTEGER NOT NULL DEFAULT 0,
    "branch" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "github_lines_pkey" PRIMARY KEY ("agent_id", "repository_id"),
    CONSTRAINT "github_lines_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agents"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "github_lines_repository_id_slug_key" ON "github_lines"("repository_id", "slug");
-- One agent's files stand at the top of a repository; the others' have a directory each.
CREATE UNIQUE INDEX "github_lines_one_at_the_top" ON "github_lines"("repository_id") WHERE "directory" = '';

-- Something happened on GitHub that only GitHub can put in order: ask it.
ALTER TABLE "github_pull_requests" ADD COLUMN "doubt" BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX "github_pull_requests_in_doubt" ON "github_pull_requests"("repository_id") WHERE "doubt";
CREATE INDEX "github_pull_requests_branch_idx" ON "github_pull_requests"("repository_id", "branch");

-- What others said of a pull request: checks, reviews, comments. The newest of each stays.
CREATE TABLE "github_signals" (
    "repository_id" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "external_id" BIGINT NOT NULL,
    "branch" TEXT,
    "pull_request_number" INTEGER,
    "head_sha" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "rank" INTEGER NOT NULL DEFAULT 0,
    "url" TEXT,

    CONSTRAINT "github_signals_pkey" PRIMARY KEY ("repository_id", "kind", "external_id")
);
CREATE INDEX "github_signals_head_idx" ON "github_signals"("repository_id", "head_sha");

-- A reason for another run: a comment, a failed check, a conflict. Offered to the agent's owner, or begun by policy.
CREATE TABLE "github_repairs" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "agent_id" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "pull_request_number" INTEGER,
    "head_sha" TEXT,
    "author" TEXT,
    "text" TEXT NOT NULL,
    "url" TEXT,
    "trusted" BOOLEAN NOT NULL DEFAULT false,
    "said_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'offered',
    "run_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "github_repairs_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "github_repairs_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agents"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "github_repairs_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "github_repairs_agent_id_source_key" ON "github_repairs"("agent_id", "source");
CREATE INDEX "github_repairs_offered" ON "github_repairs"("created_at") WHERE "state" = 'offered';
CREATE INDEX "github_repairs_user_id_idx" ON "github_repairs"("user_id");

-- A person may open a closed one again beside the newer; which of them the next version goes to is decided when it does.
DROP INDEX "github_pull_requests_one_open";
