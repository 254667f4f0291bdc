import { sh } from "./desk.ts";

/** A journalled process that outlives its runners: 100 lines in about two seconds, and a mark for each start. */
export const COUNTING = sh(
  "echo x >> starts; for i in $(seq 100); do echo line $i; sleep 0.02; done",
  30_000,
);
