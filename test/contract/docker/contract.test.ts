import path from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import type { HostReport } from "#workspaces/driver.ts";
import { attackContract } from "../workspace/attacks.ts";
import type { Platform } from "../workspace/desk.ts";
import { fileContract } from "../workspace/files.ts";
import { isolationContract } from "../workspace/isolation.ts";
import { lifecycleContract } from "../workspace/lifecycle.ts";
import { processContract } from "../workspace/processes.ts";
import { vandalismContract } from "../workspace/vandalism.ts";
import { dockerDriver, ELSEWHERE, whyNoDocker } from "./engine.ts";
import { temporaryHome } from "./temporary-home.ts";

const DYING_RUNNER = path.join(import.meta.dirname, "dying-runner.ts");
const reason = await whyNoDocker();

describe.each([
  ["on this host, by a socket", {}],
  ["as on another host, by exec streams", ELSEWHERE],
])("the docker driver %s", (_, options) => {
  describe.skipIf(reason !== null)(reason ?? "holds", () => {
    let home = "";
    let report: HostReport;
    let remove = () => Promise.resolve();
    beforeAll(async () => {
      ({ home, remove } = await temporaryHome());
      report = await dockerDriver({ home, ...options }).probe();
      // What the name of this suite says must be what it shows.
      if (report.sandbox.includes("exec streams") !== (options === ELSEWHERE))
        throw new Error(`it is ${report.sandbox}`);
    });
    afterAll(() => remove());
    const platform = (): Platform => ({
      driver: () => dockerDriver({ home, ...options }),
      hostPaths: [home, process.cwd()],
      report,
    });

    processContract(platform);
    fileContract(platform);
    isolationContract(platform);
    attackContract(platform);
    vandalismContract(platform);
    lifecycleContract(platform, (userId, slot) => [
      process.execPath,
      DYING_RUNNER,
      home,
      String(options === ELSEWHERE),
      userId,
      String(slot),
    ]);
  });
});
