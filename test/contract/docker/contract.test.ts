import path from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import type { HostReport } from "#workspaces/driver.ts";
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
import { dockerDriver, ELSEWHERE, outside, whyNoDocker } from "./engine.ts";
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
      outside,
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
      String(options === ELSEWHERE),
      userId,
      String(slot),
    ]);
  });
});
