import { setTimeout as delay } from "node:timers/promises";

/** So many at once are company worth waiting for. */
const SEVERAL = 2;

/**
 * Looks up many things in one query: what is asked while a query is under way is asked by the next one, each thing
 * once. An answer is never older than its question, so this is no cache. Where several usually ask at once, a query
 * waits a moment for more of them: it costs far more than a key within it.
 */
export function askTogether<Key extends { id: string }, Found>(
  ask: (keys: Key[]) => Promise<Map<string, Found>>,
  patienceMs = 0,
): (key: Key) => Promise<Found | undefined> {
  let next: Map<string, Key> | null = null;
  let coming: Promise<Map<string, Found>> = Promise.resolve(new Map());
  let running: Promise<unknown> = Promise.resolve();
  /** calls that the next query, and the last one, answer */
  let waiting = 0;
  let answered = 0;

  return async (key) => {
    if (!next) {
      const batch = new Map<string, Key>();
      next = batch;
      // One at a time: the next query begins when the one under way has ended, however it ended.
      coming = running.then(async () => {
        if (patienceMs > 0 && answered > SEVERAL) await delay(patienceMs);
        next = null;
        answered = waiting;
        waiting = 0;
        return ask([...batch.values()]);
      });
      // Whoever asked gets the failure from `coming`; here it only matters that it is over.
      running = coming.catch(() => {});
    }
    next.set(key.id, key);
    waiting += 1;
    return (await coming).get(key.id);
  };
}
