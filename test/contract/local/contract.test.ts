import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import type { HostReport } from "#workspaces/driver.ts";
import type { LauncherName } from "#workspaces/drivers/local/launcher.ts";
import { LocalDriver } from "#workspaces/drivers/local/local-driver.ts";
import { attackContract } from "../workspace/attacks.ts";
import type { Platform } from "../workspace/desk.ts";
import { egressContract } from "../workspace/egress.ts";
import { fileContract } from "../workspace/files.ts";
import { isolationContract } from "../workspace/isolation.ts";
import { lifecycleContract } from "../workspace/lifecycle.ts";
import { packagesContract } from "../workspace/packages.ts";
import { processContract } from "../workspace/processes.ts";
import { restContract } from "../workspace/rest.ts";
import { separationContract } from "../workspace/separation.ts";
import { snippetContract } from "../workspace/snippets.ts";
import { vandalismContract } from "../workspace/vandalism.ts";
import { outside } from "./outside.ts";
import { whyNot } from "./why-not.ts";

const DYING_RUNNER = path.join(import.meta.dirname, "dying-runner.ts");

const reasonWithoutKeeper = await whyNot("util-linux");

describe("the local driver without a keeper", () => {
  const reason = reasonWithoutKeeper;
  describe.skipIf(reason !== null)(reason ?? "holds", () => {
    let home = "";
    let report: HostReport;
    beforeAll(async () => {
      home = await mkdtemp(path.join(tmpdir(), "carrel-contract-"));
      report = await new LocalDriver({ home, launchers: ["util-linux"], keeper: false }).probe();
    });
    afterAll(() => rm(home, { recursive: true, force: true }));
    processContract(() => ({
      driver: () => new LocalDriver({ home, launchers: ["util-linux"], keeper: false }),
      hostPaths: [home],
      report,
      outside: (userId, script) => outside(home, userId, script),
    }));
  });
});

describe.each<LauncherName>(["bubblewrap", "util-linux"])("the local driver with %s", async (launcher) => {
  const reason = await whyNot(launcher);
  describe.skipIf(reason !== null)(reason ?? "holds", () => {
    let home = "";
    let report: HostReport;
    beforeAll(async () => {
      // Longer than a socket's address can be, and in a directory that is its owner's alone.
      home = await mkdtemp(path.join(tmpdir(), `carrel-contract-${"long".repeat(25)}-`));
      report = await new LocalDriver({ home, launchers: [launcher] }).probe();
    });
    afterAll(() => rm(home, { recursive: true, force: true }));
    const platform = (): Platform => ({
      driver: () => new LocalDriver({ home, launchers: [launcher] }),
      hostPaths: [home, process.cwd(), path.join(tmpdir(), path.basename(home)), "/sys"],
      report,
      outside: (userId, script) => outside(home, userId, script),
    });

    processContract(platform);
    fileContract(platform);
    isolationContract(platform);
    egressContract(platform);
    packagesContract(platform);
    attackContract(platform);
    snippetContract(platform);
    separationContract(platform);
    vandalismContract(platform);
    restContract(platform);
    lifecycleContract(platform, (userId, slot) => [
      process.execPath,
      DYING_RUNNER,
      home,
      launcher,
      userId,
      String(slot),
    ]);
  });
});
