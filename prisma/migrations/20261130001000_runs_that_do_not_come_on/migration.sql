-- How far a run's log had got when it was claimed, and how many claims in a row came to nothing.
ALTER TABLE "runs" ADD COLUMN "claimed_seq" INTEGER NOT NULL DEFAULT 0,
                   ADD COLUMN "idle_claims" INTEGER NOT NULL DEFAULT 0;
