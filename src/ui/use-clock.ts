"use client";

import { useNow } from "next-intl";
import { useSyncExternalStore } from "react";

const TICK_MS = 1000;
const listeners = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

/**
 * The time now, in whole steps of `stepMs`. All clocks of a page tick together, so that two that count from the same
 * moment never differ; only the first drawing of a page takes the server's time, or it could not be taken over.
 */
export function useClock(stepMs: number): number {
  const atLoad = useNow().getTime();
  return useSyncExternalStore(
    listen,
    () => Math.floor(Date.now() / stepMs) * stepMs,
    () => atLoad,
  );
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  ticking ??= setInterval(() => {
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}
