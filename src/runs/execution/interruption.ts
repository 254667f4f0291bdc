/**
 * Why an execution ends before its run does.
 * cancelled: a person ended the run. lost: another runner may hold it, nothing may be changed any more.
 * stopping: this runner ends and hands the run over.
 */
export class Interruption extends Error {
  readonly reason: "cancelled" | "lost" | "stopping";

  constructor(reason: "cancelled" | "lost" | "stopping") {
    super(`the execution was interrupted: ${reason}`);
    this.name = "Interruption";
    this.reason = reason;
  }
}
