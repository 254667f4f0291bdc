import type { Http2Session } from "node:http2";
import { Refusal } from "./refusal.ts";

/**
 * The owner's number grows with every change of owner. The highest one seen is the only one that is served: a runner
 * that was frozen, lost its workspace and woke can change nothing, and what it had under way is cut off.
 */
export class FenceGate {
  #highest = 0;
  readonly #sessions = new Map<Http2Session, number>();

  /** @throws Refusal 409 for an older owner, 400 for none */
  admit(session: Http2Session, header: unknown): void {
    const fence = Number(header);
    if (!Number.isSafeInteger(fence) || fence < 1) throw new Refusal(400, "x-carrel-fence is missing");
    if (fence < this.#highest) throw new Refusal(409, "This workspace has a newer owner");
    if (!this.#sessions.has(session)) session.once("close", () => this.#sessions.delete(session));
    this.#sessions.set(session, fence);
    if (fence > this.#highest) {
      this.#highest = fence;
      for (const [other, theirs] of this.#sessions) if (theirs < fence) other.destroy();
    }
  }

  /** Asked again before something begun earlier takes effect. */
  stillAdmits(session: Http2Session | undefined): boolean {
    return session !== undefined && this.#sessions.get(session) === this.#highest;
  }
}
