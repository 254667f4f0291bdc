import { mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { portOf } from "#workspaces/egress/operator-rules.ts";
import { machineRegistry } from "../../test/support/machine-registry.ts";
import { openNetwork } from "../../test/support/open-network.ts";
import type { Bench } from "../measure-workspace.ts";
import { type Row, timeOf } from "../table.ts";
import { newDesk } from "./desk.ts";

const TIMES = 10;
const PACKAGES = "express@5 typescript@5 vite@6 lodash@4 zod@4";
const INSTALL = {
  argv: ["/bin/bash", "-c", `npm init -y && npm install --no-audit --ignore-scripts ${PACKAGES}`],
  timeoutMs: 240_000,
};

/** The same packages from the machine's registry by one user, and then by another who never had them. */
export async function measureInstalls(bench: Bench): Promise<Row[]> {
  const npm = await machineRegistry();
  const named = `${npm.hostname}:${portOf(npm)}`;
  const first: Row = { what: "npm install of five packages and theirs, by the first user", times: [] };
  const second: Row = { what: "the same by another user", times: [], limit: first };
  for (let n = 0; n < TIMES; n += 1) {
    const home = await mkdtemp(path.join(bench.home, "packages-"));
    const network = openNetwork({ allow: [named], private: [named], names: {}, registries: { npm }, home });
    for (const row of [first, second]) {
      const held = newDesk(bench.driver(), network);
      await held.up();
      row.times.push(
        await timeOf(async () => {
          const { exitCode, stderr } = await held.agent("one").exec(INSTALL);
          if (exitCode !== 0) throw new Error(stderr);
        }),
      );
      held.letGo();
      await bench.driver().destroy(held.userId);
    }
    await network.close();
    await rm(home, { recursive: true, force: true });
  }
  return [first, second];
}
