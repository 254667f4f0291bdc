import { tierOf } from "#tiers/tiers.ts";
import type { DockerDriver } from "#workspaces/drivers/docker/docker-driver.ts";
import { HeldWorkspace } from "#workspaces/held-workspace.ts";
import type { ReverseDoor } from "#workspaces/link/serve-reverse.ts";

/** A new user's workspace, with the limits of the free tier; nothing of it exists yet. */
export function newDesk(
  driver: DockerDriver,
  network?: { door(userId: string): ReverseDoor },
): HeldWorkspace {
  const { commandMs, ...limits } = tierOf("free").workspace;
  const spec = { userId: crypto.randomUUID(), slot: 1, ...limits };
  const until = Number.POSITIVE_INFINITY;
  return new HeldWorkspace({ driver, spec, commandMs, fence: 1, until, door: network?.door(spec.userId) });
}

export async function withDesk<T>(
  driver: DockerDriver,
  work: (held: HeldWorkspace) => Promise<T>,
): Promise<T> {
  const held = newDesk(driver);
  try {
    await held.up();
    return await work(held);
  } finally {
    held.letGo();
    await driver.destroy(held.userId);
  }
}

export const TRUE = { argv: ["/bin/true"], timeoutMs: 60_000 };
