import type { AddressInfo } from "node:net";
import { portOf } from "#workspaces/egress/operator-rules.ts";
import { machineRegistry } from "../../support/machine-registry.ts";
import { pythonIndex, wheel } from "../../support/python-index.ts";
import { type Proving, startProving } from "./proving.ts";

/** Projects that install: from the machine's npm registry, and from a Python index of one package. */
export async function startInstalling(): Promise<Proving> {
  const index = pythonIndex(
    { greeting: wheel("greeting", "1.0", "def hello():\n    return 'hello from a wheel'\n") },
    { json: false },
  );
  await new Promise<void>((resolve) => index.server.listen(0, "127.0.0.1", resolve));
  const port = (index.server.address() as AddressInfo).port;
  // The machine's registry may be a mirror.
  const npm = await machineRegistry();
  const proving = await startProving({
    PIP_INDEX_URL: `http://localhost:${port}/simple/`,
    EGRESS_ALLOW_PRIVATE: `localhost:${port}, ${npm.hostname}:${portOf(npm)}`,
  });
  return {
    ...proving,
    async stop() {
      await proving.stop();
      index.server.close();
      index.server.closeAllConnections();
    },
  };
}
