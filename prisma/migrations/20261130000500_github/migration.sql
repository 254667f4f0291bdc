-- What a webhook left is worked off by whichever runner takes it; one that cannot be worked off says why.
ALTER TABLE "inbox" ADD COLUMN "attempts" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "inbox" ADD COLUMN "lease_until" TIMESTAMPTZ(3);
ALTER TABLE "inbox" ADD COLUMN "error" TEXT;

-- The App that an operator made on GitHub from this installation's manifest. Its keys are sealed.
CREATE TABLE "github_app" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "app_id" BIGINT NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "html_url" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "client_secret_sealed" TEXT NOT NULL,
    "private_key_sealed" TEXT NOT NULL,
    "webhook_secret_sealed" TEXT NOT NULL,
    "made_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "github_app_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "github_app_is_one" CHECK ("id" = 1),
    CONSTRAINT "github_app_made_by_fkey" FOREIGN KEY ("made_by") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- A way to GitHub and back: one use, of one session, for some minutes.
CREATE TABLE "github_states" (
    "hash" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "session_hash" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "github_states_pkey" PRIMARY KEY ("hash"),
    CONSTRAINT "github_states_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "github_states_expires_at_idx" ON "github_states"("expires_at");

-- Who a user is on GitHub, as GitHub said when they authorised the App.
CREATE TABLE "github_accounts" (
    "user_id" TEXT NOT NULL,
    "github_id" BIGINT NOT NULL,
    "login" TEXT NOT NULL,
    "connected_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "github_accounts_pkey" PRIMARY KEY ("user_id"),
    CONSTRAINT "github_accounts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "github_installations" (
    "id" BIGINT NOT NULL,
    "account_id" BIGINT NOT NULL,
    "account_login" TEXT NOT NULL,
    "account_type" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'active',
    "repository_selection" TEXT NOT NULL,
    "permissions" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "asked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "github_installations_pkey" PRIMARY KEY ("id")
);

-- GitHub confirmed, through the user's own authorisation, that this user can reach this installation.
CREATE TABLE "github_installation_users" (
    "user_id" TEXT NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "github_installation_users_pkey" PRIMARY KEY ("user_id", "installation_id"),
    CONSTRAINT "github_installation_users_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "github_installation_users_installation_id_fkey" FOREIGN KEY ("installation_id") REFERENCES "github_installations"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "github_installation_users_installation_id_idx" ON "github_installation_users"("installation_id");

-- What the page offers to choose from. Choosing asks GitHub again.
CREATE TABLE "github_offers" (
    "user_id" TEXT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "owner" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "private" BOOLEAN NOT NULL,
    "pushed_at" TIMESTAMPTZ(3),

    CONSTRAINT "github_offers_pkey" PRIMARY KEY ("user_id", "repository_id"),
    CONSTRAINT "github_offers_user_id_installation_id_fkey" FOREIGN KEY ("user_id", "installation_id") REFERENCES "github_installation_users"("user_id", "installation_id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "github_offers_repository_id_idx" ON "github_offers"("repository_id");

-- The one repository of a user.
CREATE TABLE "github_repositories" (
    "user_id" TEXT NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "owner" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "default_branch" TEXT NOT NULL,
    "private" BOOLEAN NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'active',
    "chosen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "github_repositories_pkey" PRIMARY KEY ("user_id"),
    CONSTRAINT "github_repositories_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "github_repositories_installation_id_fkey" FOREIGN KEY ("installation_id") REFERENCES "github_installations"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "github_repositories_repository_id_idx" ON "github_repositories"("repository_id");
CREATE INDEX "github_repositories_installation_id_idx" ON "github_repositories"("installation_id");

-- The pull requests that carry an agent's versions: one open at a time.
CREATE TABLE "github_pull_requests" (
    "repository_id" BIGINT NOT NULL,
    "number" INTEGER NOT NULL,
    "agent_id" TEXT NOT NULL,
    "branch" TEXT NOT NULL,
    "base" TEXT NOT NULL,
    "head_sha" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "github_pull_requests_pkey" PRIMARY KEY ("repository_id", "number"),
    CONSTRAINT "github_pull_requests_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agents"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "github_pull_requests_one_open" ON "github_pull_requests"("repository_id", "agent_id") WHERE "state" = 'open';
CREATE INDEX "github_pull_requests_agent_id_idx" ON "github_pull_requests"("agent_id");

-- A version on its way to the repository: taken by lease, done again from where it was.
CREATE TABLE "github_publications" (
    "version_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "agent_id" TEXT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "branch" TEXT,
    "commit_sha" TEXT,
    "pull_request_number" INTEGER,
    "pull_request_url" TEXT,
    "reason" JSONB,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "not_before" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "github_publications_pkey" PRIMARY KEY ("version_id"),
    CONSTRAINT "github_publications_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "versions"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "github_publications_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "github_publications_waiting" ON "github_publications"("installation_id", "created_at") WHERE "state" IN ('pending', 'publishing');
CREATE INDEX "github_publications_agent_id_idx" ON "github_publications"("agent_id");
CREATE INDEX "github_publications_repository_id_pull_request_number_idx" ON "github_publications"("repository_id", "pull_request_number");
CREATE INDEX "github_publications_user_id_idx" ON "github_publications"("user_id");

-- Existing code on its way into an agent.
CREATE TABLE "github_imports" (
    "agent_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "installation_id" BIGINT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "branch" TEXT NOT NULL,
    "commit_sha" TEXT,
    "tree_hash" TEXT,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "files_total" INTEGER,
    "files_done" INTEGER NOT NULL DEFAULT 0,
    "skipped" JSONB NOT NULL DEFAULT '[]',
    "error" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "github_imports_pkey" PRIMARY KEY ("agent_id"),
    CONSTRAINT "github_imports_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agents"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "github_imports_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "github_imports_waiting" ON "github_imports"("created_at") WHERE "state" IN ('pending', 'importing');
CREATE INDEX "github_imports_user_id_idx" ON "github_imports"("user_id");
