-- The claim looks user by user and agent by agent, so that the backlog of one costs the others nothing.
CREATE INDEX "runs_queued_by_user" ON "runs" ("user_id") WHERE "status" = 'queued';
CREATE INDEX "runs_queued_by_agent" ON "runs" ("agent_id", "created_at", "id") WHERE "status" = 'queued';
DROP INDEX "runs_queued";
