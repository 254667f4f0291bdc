-- Which models play an agent's roles, in place of the installation's.
ALTER TABLE "agents" ADD COLUMN "models" JSONB;

-- Users' own provider keys, sealed so that only the gateway can open them.
CREATE TABLE "provider_keys" (
    "user_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "provider_keys_pkey" PRIMARY KEY ("user_id", "provider"),
    CONSTRAINT "provider_keys_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- Answers that their callers asked to be kept, for the same request of the same user.
CREATE TABLE "kept_answers" (
    "user_id" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "headers" JSONB NOT NULL,
    "body" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "kept_answers_pkey" PRIMARY KEY ("user_id", "request_hash"),
    CONSTRAINT "kept_answers_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "kept_answers_expires_at_idx" ON "kept_answers"("expires_at");
