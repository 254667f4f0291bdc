-- What of a caller changed, and in which transaction: a gateway keeps what it knows of callers until it reads here that
-- it is no longer so. Rows are dropped after an hour.
CREATE TABLE "caller_changes" (
    "id" BIGSERIAL NOT NULL,
    "xid" BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    "key" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "caller_changes_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "caller_changes_xid_idx" ON "caller_changes"("xid");

-- The trigger's arguments: what the key begins with, and the column that it ends with.
CREATE FUNCTION "note_caller_change"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed jsonb := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
BEGIN
  INSERT INTO caller_changes (key) VALUES (TG_ARGV[0] || (changed ->> TG_ARGV[1]));
  RETURN NULL;
END $$;

CREATE TRIGGER "users_note_change" AFTER UPDATE OF "status", "tier" ON "users"
  FOR EACH ROW WHEN ((OLD."status", OLD."tier") IS DISTINCT FROM (NEW."status", NEW."tier"))
  EXECUTE FUNCTION "note_caller_change"('user:', 'id');
CREATE TRIGGER "users_note_end" AFTER DELETE ON "users"
  FOR EACH ROW EXECUTE FUNCTION "note_caller_change"('user:', 'id');

CREATE TRIGGER "api_tokens_note_change" AFTER UPDATE OF "revoked_at", "expires_at", "scopes" ON "api_tokens"
  FOR EACH ROW EXECUTE FUNCTION "note_caller_change"('token:', 'hash');
CREATE TRIGGER "api_tokens_note_end" AFTER DELETE ON "api_tokens"
  FOR EACH ROW EXECUTE FUNCTION "note_caller_change"('token:', 'hash');

CREATE TRIGGER "runs_note_change" AFTER UPDATE OF "status", "fence", "ceiling_micro_usd" ON "runs"
  FOR EACH ROW WHEN ((OLD."status", OLD."fence", OLD."ceiling_micro_usd")
    IS DISTINCT FROM (NEW."status", NEW."fence", NEW."ceiling_micro_usd"))
  EXECUTE FUNCTION "note_caller_change"('run:', 'id');
CREATE TRIGGER "runs_note_end" AFTER DELETE ON "runs"
  FOR EACH ROW EXECUTE FUNCTION "note_caller_change"('run:', 'id');

CREATE TRIGGER "agents_note_change" AFTER UPDATE OF "ceiling_micro_usd", "models" ON "agents"
  FOR EACH ROW EXECUTE FUNCTION "note_caller_change"('agent:', 'id');

-- Limits stand in rows named "user:<id>" and "site"; rows of a month hold sums alone.
CREATE TRIGGER "budgets_note_change" AFTER UPDATE OF "limit_micro_usd" ON "budgets"
  FOR EACH ROW EXECUTE FUNCTION "note_caller_change"('', 'scope');
CREATE TRIGGER "budgets_note_limit" AFTER INSERT ON "budgets"
  FOR EACH ROW WHEN (NEW."limit_micro_usd" IS NOT NULL) EXECUTE FUNCTION "note_caller_change"('', 'scope');
CREATE TRIGGER "budgets_note_end" AFTER DELETE ON "budgets"
  FOR EACH ROW WHEN (OLD."limit_micro_usd" IS NOT NULL) EXECUTE FUNCTION "note_caller_change"('', 'scope');

CREATE TRIGGER "provider_keys_note_change" AFTER INSERT OR UPDATE OR DELETE ON "provider_keys"
  FOR EACH ROW EXECUTE FUNCTION "note_caller_change"('user:', 'user_id');
