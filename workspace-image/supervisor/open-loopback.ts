import type http from "node:http";
import { createProxy } from "./loopback-proxy.ts";
import { createService } from "./loopback-services.ts";
import type { ReverseLink } from "./reverse-link.ts";
import { PORTS, SETTINGS } from "./settings.ts";

/** What programs find on this workspace's own loopback. It is there before the first of them starts. */
export async function openLoopback(reverse: ReverseLink): Promise<void> {
  await Promise.all([
    listen(createProxy(reverse), PORTS.proxy),
    listen(createService(reverse, "npm"), PORTS.npm),
    listen(createService(reverse, "pypi"), PORTS.pypi),
    listen(createService(reverse, "models"), PORTS.models),
  ]);
}

function listen(server: http.Server, port: number): Promise<void> {
  server.maxConnections = SETTINGS.loopbackConnections;
  server.on("connection", (socket) => socket.setTimeout(SETTINGS.loopbackIdleMs, () => socket.destroy()));
  return new Promise((resolve) => {
    // Without it a workspace still works, only not with others.
    server.on("error", (error) => {
      console.error(`loopback ${port}: ${error.message}`);
      resolve();
    });
    server.listen(port, "127.0.0.1", () => resolve());
  });
}
