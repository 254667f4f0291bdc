import { afterAll, beforeAll, beforeEach } from "vitest";
import { type FakeAnthropic, startFakeAnthropic } from "../fakes/anthropic.ts";
import { freshDatabase, type TestDatabase } from "./database.ts";
import { makeTenant, type RunningGateway, startGateway, type Tenant } from "./gateway.ts";

export interface GatewaySuite {
  database: TestDatabase;
  fake: FakeAnthropic;
  gateway: RunningGateway;
  /** of the test that runs: without ceilings, unless it makes itself another */
  tenant: Tenant;
}

/**
 * For a file of tests: a database of its own, Anthropic's fake, and a gateway before it. Each test begins with a fake
 * that nobody has asked and with a tenant of its own.
 */
export function gatewaySuite(options: Parameters<typeof startGateway>[2] = {}): GatewaySuite {
  const suite = {} as GatewaySuite;

  beforeAll(async () => {
    suite.database = await freshDatabase();
    suite.fake = await startFakeAnthropic();
    suite.gateway = await startGateway(suite.database.db, suite.fake, options);
  });

  afterAll(async () => {
    await suite.gateway.close();
    await suite.fake.close();
    await suite.database.drop();
  });

  beforeEach(async () => {
    suite.fake.requests.length = 0;
    suite.tenant = await makeTenant(suite.database.db);
  });

  return suite;
}
