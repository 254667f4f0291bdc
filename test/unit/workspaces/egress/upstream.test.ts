import net, { type AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createUpstream } from "#workspaces/egress/packages/upstream.ts";

test("a registry that takes a connection and shakes no hands holds it only so long", async () => {
  let open = 0;
  let taken = 0;
  const server = net.createServer((socket) => {
    open += 1;
    taken += 1;
    socket.resume();
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      open -= 1;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const reach = async () => {
    const socket = net.connect({ host: "127.0.0.1", port });
    await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
    return socket;
  };
  const upstream = createUpstream({ reach }, 100);
  onTestFinished(() => upstream.close());
  await expect(upstream.fetch(new URL("https://silent.test/x"))).rejects.toMatchObject({
    code: "upstream_failed",
  });
  expect(taken).toBe(1);
  await expect.poll(() => open, { timeout: 10_000 }).toBe(0);
});
