import { setTimeout as delay } from "node:timers/promises";
import type { Answer, Call } from "#gateway/calls/call.ts";
import { EndedRuns } from "#gateway/calls/ended-runs.ts";
import { claimCall, failCall, type Recorded } from "#gateway/calls/model-calls.ts";
import { type Calling, performCall } from "#gateway/calls/perform-call.ts";
import { Recording } from "#gateway/calls/recording.ts";
import { hashOf } from "#gateway/model-request.ts";
import { JOIN_POLL_MS } from "#gateway/tunables.ts";
import { WholeBody } from "#gateway/whole-body.ts";
import { AppError } from "#platform/errors.ts";
import { newId } from "#platform/ids.ts";

/** A call that belongs to no run goes on to its end whatever becomes of who asked. */
const GOES_ON = { ended: new AbortController().signal, release: () => {} };

/** Calls with an idempotency key: each is made once, by one gateway, and charged once. */
export class OncePerKey {
  readonly #here = new Map<string, Recording>();
  readonly #owner = newId();
  readonly #calling: Calling;
  readonly #endedRuns: EndedRuns;

  constructor(calling: Calling) {
    this.#calling = calling;
    this.#endedRuns = new EndedRuns(calling.pool, calling.log);
  }

  /**
   * Makes the call, joins the one that is being made, or answers what was recorded. Stops waiting, with the signal's
   * reason, when the caller is gone.
   * @throws AppError conflict when the key was used for another request
   */
  async answer(call: Call & { key: string }, left: AbortSignal): Promise<Answer> {
    const { pool } = this.#calling;
    const requestHash = hashOf(call.request);
    for (;;) {
      const { userId } = call.bearer;
      const owner = this.#owner;
      const makes = (id: string) => this.#here.has(id);
      const claim = await claimCall(pool, { id: call.id, userId, key: call.key, requestHash, owner, makes });
      if (claim.kind === "ours") return this.#make(call);
      if (claim.kind === "recorded") return replay(claim.answer);
      if (claim.kind === "conflict") {
        throw new AppError("conflict", "This idempotency-key was used before, for another request.");
      }
      const here = this.#here.get(claim.id);
      if (here) return here.answer();
      await delay(JOIN_POLL_MS, undefined, { signal: left });
    }
  }

  async #make(call: Call): Promise<Answer> {
    const recording = new Recording();
    this.#here.set(call.id, recording);
    const { pool, log } = this.#calling;
    const { runId } = call.bearer;
    const { ended, release } = runId === null ? GOES_ON : this.#endedRuns.watch(runId);
    const made = performCall(this.#calling, call, ended).catch(async (error: unknown) => {
      // Whatever it failed with, a repeat of the key shall try again at once and not wait for the lease to lapse.
      await failCall(pool, call.id).catch((failure: unknown) => {
        log.error({ err: failure, callId: call.id }, "could not mark a failed call; its lease will lapse");
      });
      throw error;
    });
    void recording.follow(made).finally(() => {
      release();
      this.#here.delete(call.id);
    });
    return recording.answer();
  }
}

function replay(recorded: Recorded): Answer {
  return {
    requestId: recorded.id,
    status: recorded.status,
    headers: recorded.headers,
    streamed: (recorded.headers["content-type"] ?? "").startsWith("text/event-stream"),
    body: new WholeBody(recorded.body),
    cost: () => recorded.costMicroUsd,
  };
}
