-- A run may ask about money more than once in a round; one open review at a time is kept by reviews_one_open_per_run.
DROP INDEX "reviews_run_id_round_kind_key";
CREATE INDEX "reviews_run_id_round_idx" ON "reviews"("run_id", "round");
