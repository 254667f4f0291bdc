import type { Duplex } from "node:stream";
import { type ReverseDoor, serveReverse } from "#workspaces/link/serve-reverse.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

interface Kept {
  dial(): Promise<Duplex>;
  door: ReverseDoor;
}

/** Offers the second link and offers it again, ever more slowly, whenever it broke. Rejects when the first dial does. */
export async function keepReverse({ dial, door }: Kept): Promise<() => void> {
  let ended = false;
  let close = () => {};
  let timer: NodeJS.Timeout | undefined;
  let pauseMs: number = TUNABLES.redialFirstMs;
  const offer = async () => {
    const duplex = await dial();
    if (ended) return void duplex.destroy();
    const since = performance.now();
    close = serveReverse(duplex, door, () => {
      if (performance.now() - since > TUNABLES.redialMostMs) pauseMs = TUNABLES.redialFirstMs;
      again();
    });
  };
  const again = () => {
    if (ended) return;
    timer = setTimeout(() => {
      // Not there (stopped, paused): the next offer comes later.
      offer().catch(again);
    }, pauseMs);
    timer.unref();
    pauseMs = Math.min(2 * pauseMs, TUNABLES.redialMostMs);
  };
  await offer();
  return () => {
    ended = true;
    clearTimeout(timer);
    close();
  };
}
