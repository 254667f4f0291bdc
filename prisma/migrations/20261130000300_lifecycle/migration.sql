-- When a workspace was last used and until when somebody looks at it; what was measured, and what is wrong with it.
ALTER TABLE "workspaces"
    ADD COLUMN "used_at" TIMESTAMPTZ(3),
    ADD COLUMN "watched_until" TIMESTAMPTZ(3),
    ADD COLUMN "figures" JSONB,
    ADD COLUMN "warnings" JSONB NOT NULL DEFAULT '[]';

-- How full a runner's host is, so that web sends those who have no workspace yet where there is room.
ALTER TABLE "runners"
    ADD COLUMN "workspaces" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "max_workspaces" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "short" TEXT;

-- Who waits for a place on a host. A row that is not renewed is over.
CREATE TABLE "workspace_waits" (
    "user_id" TEXT NOT NULL,
    "runner_id" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "workspace_waits_pkey" PRIMARY KEY ("user_id"),
    CONSTRAINT "workspace_waits_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "workspace_waits_runner_id_since_idx" ON "workspace_waits"("runner_id", "since");

-- Workspaces whose rows went (their users were erased): each host that still has something of them removes it.
CREATE TABLE "erased_workspaces" (
    "user_id" TEXT NOT NULL,
    "erased_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "erased_workspaces_pkey" PRIMARY KEY ("user_id")
);
CREATE FUNCTION note_erased_workspace() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO erased_workspaces (user_id) VALUES (OLD.user_id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER "workspaces_erased" AFTER DELETE ON "workspaces" FOR EACH ROW EXECUTE FUNCTION note_erased_workspace();
