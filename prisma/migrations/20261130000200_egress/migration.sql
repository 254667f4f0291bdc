-- What a user chose for the network of the own workspace; no row: on, with the operator's list alone.
CREATE TABLE "egress_policies" (
    "user_id" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "allow" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "egress_policies_pkey" PRIMARY KEY ("user_id"),
    CONSTRAINT "egress_policies_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- Every way out that workspaces asked for, let through or not.
CREATE TABLE "egress_connections" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "agent_id" TEXT,
    "host" TEXT NOT NULL,
    "port" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "reason" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 1,
    "bytes_in" BIGINT NOT NULL DEFAULT 0,
    "bytes_out" BIGINT NOT NULL DEFAULT 0,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "egress_connections_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "egress_connections_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "egress_connections_user_id_id_idx" ON "egress_connections"("user_id", "id" DESC);
CREATE INDEX "egress_connections_started_at_idx" ON "egress_connections"("started_at");
