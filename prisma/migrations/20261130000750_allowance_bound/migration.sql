-- Of an allowance: how much of it may at most be in use. What its gateway leaves behind is settled at that.
ALTER TABLE "reservations" ADD COLUMN "drawable_micro_usd" BIGINT;
