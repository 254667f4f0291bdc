import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * Takes no more connections, lets what is under way finish for `graceMs`, then cuts everything: streams never end by
 * themselves, and upgraded connections are none of the server's any more. To be called before it listens.
 */
export function prepareToClose(server: Server, graceMs: number): () => Promise<void> {
  const connections = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  return async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    setTimeout(() => {
      for (const socket of connections) socket.destroy();
    }, graceMs).unref();
    await closed;
  };
}
