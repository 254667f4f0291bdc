-- Which models play an agent's roles, in place of the installation's.
ALTER TABLE "agents" ADD COLUMN "models" JSONB;
