import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { Database } from "#platform/db.ts";
import { newId } from "#platform/ids.ts";
import { createLogger } from "#platform/log.ts";
import { LocalDriver } from "#workspaces/drivers/local/local-driver.ts";
import { Workspaces, type WorkspacesOptions } from "#workspaces/manager.ts";
import { serveWorkspaces } from "#workspaces/serve.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

export const SECRET = "the secret between web and the runner of this test";

/** A user without anything yet. */
export async function newUser(db: Database): Promise<string> {
  const userId = newId();
  await db.prisma.user.create({ data: { id: userId, email: `${userId}@example.com` } });
  return userId;
}

export interface TestRunner {
  id: string;
  address: string;
  workspaces: Workspaces;
}

/** A place for workspaces whose sandboxes end with the test. */
export async function workspaceHome(): Promise<string> {
  const home = await temporaryDirectory();
  onTestFinished(async () => {
    const driver = new LocalDriver({ home });
    for (const userId of await driver.running()) await driver.destroy(userId);
  });
  return home;
}

/** A runner's part that holds workspaces, listening for web; it lets go when the test has finished. */
export async function startRunner(
  db: Database,
  home: string,
  options: Partial<WorkspacesOptions> = {},
): Promise<TestRunner> {
  const log = createLogger("test", "silent");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const id = newId();
  const workspaces = new Workspaces({
    db,
    drivers: [new LocalDriver({ home })],
    runnerId: id,
    address,
    log,
    home,
    ...options,
  });
  const serve = serveWorkspaces({ workspaces, secret: SECRET, log });
  server.on("request", async (request, response) => {
    if (!(await serve(request, response))) response.writeHead(404).end();
  });
  await workspaces.begin();
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await workspaces.close();
  });
  return { id, address, workspaces };
}
