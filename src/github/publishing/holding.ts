import { type Claim, renewClaim } from "#github/publishing/claim-work.ts";
import { BEAT_MS, LEASE_MS } from "#github/tunables.ts";
import type { Database } from "#platform/db.ts";

/** Says that the versions are no longer ours, or that this runner stops: whoever holds them next goes on. */
export class LetGo extends Error {
  constructor(why: string) {
    super(why);
    this.name = "LetGo";
  }
}

/** The time in which a claim holds. */
export interface Holding {
  readonly claim: Claim;
  readonly signal: AbortSignal;
  /**
   * Before whatever changes something outside.
   * @throws LetGo once the lease may have lapsed, also before any timer could tell (a frozen process woke)
   */
  assertHeld(): void;
  letGo(why: string): void;
  end(): void;
}

/** @param claimedAt performance.now() from before the claim */
export function holdClaim(db: Database, claim: Claim, claimedAt: number): Holding {
  const controller = new AbortController();
  let renewedAt = claimedAt;
  const letGo = (why: string) => controller.abort(new LetGo(why));
  const assertHeld = () => {
    if (performance.now() - renewedAt > LEASE_MS) letGo("the lease has lapsed");
    controller.signal.throwIfAborted();
  };
  const beat = async () => {
    const askedAt = performance.now();
    const held = await renewClaim(db, claim).catch(() => null); // The database does not answer: time alone decides.
    if (held) renewedAt = askedAt;
    else if (held === false || performance.now() - renewedAt > LEASE_MS) letGo("the lease is another's");
  };
  const timer = setInterval(() => void beat(), BEAT_MS);
  return { claim, signal: controller.signal, assertHeld, letGo, end: () => clearInterval(timer) };
}
