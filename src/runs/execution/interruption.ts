type InterruptionReason = "cancelled" | "lost" | "stopping" | "unsure";

/**
 * Why an execution ends before its run does.
 * cancelled: a person ended the run. lost: another runner may hold it, nothing may be changed any more.
 * stopping: this runner ends and hands the run over. unsure: how far the run's log got is known only when it is read
 * again, as the database went away while it was written.
 */
export class Interruption extends Error {
  readonly reason: InterruptionReason;

  constructor(reason: InterruptionReason, options: { cause?: unknown } = {}) {
    super(`the execution was interrupted: ${reason}`, options);
    this.name = "Interruption";
    this.reason = reason;
  }
}
