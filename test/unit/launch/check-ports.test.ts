import { once } from "node:events";
import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { checkPorts } from "#launch/check-ports.ts";

test("a port in use is told together with the variable to change", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await expect(checkPorts("127.0.0.1", { GATEWAY_PORT: port })).rejects.toThrow(
    `Port ${port} is in use: set GATEWAY_PORT to another`,
  );
});

test("two parts on one port are told by their variables", async () => {
  await expect(checkPorts("127.0.0.1", { GATEWAY_PORT: 40_961, RUNNER_PORT: 40_961 })).rejects.toThrow(
    "GATEWAY_PORT and RUNNER_PORT are both 40961: change one",
  );
});
