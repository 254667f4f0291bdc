import type { Duplex } from "node:stream";

/** Carries bytes both ways, each at the pace of its reader; the end of one way leaves the other open. */
export function joinStreams(one: Duplex, other: Duplex): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on("error", () => to.destroy());
    from.once("close", () => {
      // Closed without an end: it broke. What was read of it before still goes out.
      if (!from.readableEnded) to.destroy();
      else if (!from.writableFinished) to.destroy();
    });
    from.pipe(to);
  }
}
