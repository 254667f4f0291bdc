-- An abandoned reservation becomes a ledger entry without its gateway: it must know what the call was for.
ALTER TABLE "reservations" ADD COLUMN "agent_id" TEXT,
  ADD COLUMN "run_id" TEXT,
  ADD COLUMN "step_key" TEXT,
  ADD COLUMN "provider" TEXT NOT NULL DEFAULT 'unknown',
  ADD COLUMN "model" TEXT NOT NULL DEFAULT 'unknown';

CREATE INDEX "model_calls_created_at_idx" ON "model_calls" ("created_at");
