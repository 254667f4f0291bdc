/**
 * Looks up many things in one query: what is asked while a query is under way is asked by the next one, each thing
 * once. An answer is never older than its question, so this is no cache.
 */
export function askTogether<Key extends { id: string }, Found>(
  ask: (keys: Key[]) => Promise<Map<string, Found>>,
): (key: Key) => Promise<Found | undefined> {
  let next: Map<string, Key> | null = null;
  let coming: Promise<Map<string, Found>> = Promise.resolve(new Map());
  let running: Promise<unknown> = Promise.resolve();

  return async (key) => {
    if (!next) {
      const batch = new Map<string, Key>();
      next = batch;
      // One at a time: the next query begins when the one under way has ended, however it ended.
      coming = running.then(() => {
        next = null;
        return ask([...batch.values()]);
      });
      // Whoever asked gets the failure from `coming`; here it only matters that it is over.
      running = coming.catch(() => {});
    }
    next.set(key.id, key);
    return (await coming).get(key.id);
  };
}
