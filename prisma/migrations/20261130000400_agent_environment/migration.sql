-- Public halves of the keys that secrets are sealed with: whoever takes a secret in needs no more.
CREATE TABLE "sealing_keys" (
    "purpose" TEXT NOT NULL,
    "public_key" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sealing_keys_pkey" PRIMARY KEY ("purpose")
);

-- The private environment of agents, each value sealed so that runners alone can open it.
CREATE TABLE "agent_secrets" (
    "id" TEXT NOT NULL,
    "agent_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "masked" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "agent_secrets_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "agent_secrets_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agents"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "agent_secrets_agent_id_idx" ON "agent_secrets"("agent_id");
-- One value in force for each name.
CREATE UNIQUE INDEX "agent_secrets_current_key" ON "agent_secrets"("agent_id", "name") WHERE "retired_at" IS NULL;
