import type { EventHub } from "#realtime/event-hub.ts";
import type { RunSocket } from "#realtime/messages.ts";

/**
 * Sends a run's events to one socket, from a cursor, until the signal. The next page is read only when the socket has
 * handed the last one on: a slow client holds two pages at most and costs no one else; one that stands still answers
 * no ping, is dropped, and goes on from its cursor when it comes back.
 */
export async function followRun(
  hub: EventHub,
  socket: RunSocket,
  run: { runId: string; after: number },
  signal: AbortSignal,
): Promise<void> {
  for await (const events of hub.follow(run.runId, run.after, signal)) {
    for (const event of events) {
      if (signal.aborted) return;
      socket.emit("run:event", event);
    }
    await drained(socket, signal);
  }
}

async function drained(socket: RunSocket, signal: AbortSignal): Promise<void> {
  const connection = socket.conn as unknown as {
    writeBuffer: unknown[];
    once(event: "drain" | "close", listener: () => void): void;
    off(event: "drain" | "close", listener: () => void): void;
  };
  while (connection.writeBuffer.length > 0 && socket.connected && !signal.aborted) {
    await new Promise<void>((resolve) => {
      const go = () => {
        connection.off("drain", go);
        connection.off("close", go);
        signal.removeEventListener("abort", go);
        resolve();
      };
      connection.once("drain", go);
      connection.once("close", go);
      signal.addEventListener("abort", go);
    });
  }
}
