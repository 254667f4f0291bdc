import {
  ENVIRONMENT_PURPOSE,
  type OpenedEnvironment,
  offerEnvironmentKey,
  openEnvironment,
} from "#agents/private-environment.ts";
import type { Database } from "#platform/db.ts";
import { openSealedBox } from "#platform/sealed-box.ts";
import type { EnvironmentSource } from "#workspaces/environment/with-environment.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

/** The private environments of agents, for the runner that holds their workspaces. */
export interface Environments {
  of(userId: string, agentId: string): EnvironmentSource;
}

/** Also offers the public half of the key, so that web can seal. */
export async function openEnvironments(db: Database, secret: string): Promise<Environments> {
  const box = await openSealedBox(secret, ENVIRONMENT_PURPOSE);
  await offerEnvironmentKey(db, box);
  const seen = new Map<string, { at: number; opened: Promise<OpenedEnvironment> }>();
  return {
    of(userId, agentId) {
      const now = () => openEnvironment(db, box, userId, agentId);
      return {
        now,
        lately() {
          const key = `${userId}/${agentId}`;
          const past = seen.get(key);
          if (past && performance.now() - past.at < TUNABLES.environmentMs) return past.opened;
          if (seen.size >= TUNABLES.environmentsSeen) seen.clear();
          const opened = now();
          seen.set(key, { at: performance.now(), opened });
          return opened;
        },
      };
    },
  };
}
