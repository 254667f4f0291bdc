import type Docker from "dockerode";
import type { WorkspaceSpec } from "#workspaces/driver.ts";
import { BoundedDisks } from "#workspaces/drivers/docker/bounded-disks.ts";
import { type ContainerInput, containerName, LABELS } from "#workspaces/drivers/docker/container-spec.ts";
import { engineCall, engineStatus, tolerating } from "#workspaces/drivers/docker/engine-call.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

/** Where the data of workspaces lies: what outlives their containers. Every call is safe to repeat. */
export interface DataStore {
  exists(userId: string): Promise<boolean>;
  /** Makes it and has it ready for a start. */
  prepare(spec: WorkspaceSpec): Promise<ContainerInput["data"]>;
  /** After a stop: gives back what is held only while it runs. */
  release(userId: string): Promise<void>;
  remove(userId: string): Promise<void>;
}

/**
 * A volume of the engine for each user; where this host lets us, a disk of bounded size instead. A workspace keeps the
 * kind that it was made with.
 */
export function dataStore(docker: Docker, home: string, bounded: boolean): DataStore {
  const volumes = engineVolumes(docker, home);
  if (!bounded) return volumes;
  const disks = new BoundedDisks(home);
  const of = async (userId: string) =>
    !(await disks.exists(userId)) && (await volumes.exists(userId)) ? volumes : disks;
  return {
    exists: async (userId) => (await disks.exists(userId)) || volumes.exists(userId),
    prepare: async (spec) => (await of(spec.userId)).prepare(spec),
    release: (userId) => disks.release(userId),
    async remove(userId) {
      await disks.remove(userId);
      await volumes.remove(userId);
    },
  };
}

function engineVolumes(docker: Docker, home: string): DataStore {
  return {
    async exists(userId) {
      try {
        await engineCall("look at a volume", TUNABLES.engineMs, (abortSignal) =>
          docker.getVolume(containerName(userId)).inspect({ abortSignal }),
        );
        return true;
      } catch (error) {
        if (engineStatus(error) === 404) return false;
        throw error;
      }
    },
    async prepare({ userId }) {
      const Labels = { [LABELS.home]: home, [LABELS.user]: userId };
      await engineCall("make a volume", TUNABLES.engineMs, (abortSignal) =>
        docker.createVolume({ Name: containerName(userId), Labels, abortSignal }),
      );
      return { volume: containerName(userId) };
    },
    release: () => Promise.resolve(),
    async remove(userId) {
      const remove = engineCall("remove a volume", TUNABLES.engineSlowMs, (abortSignal) =>
        docker.getVolume(containerName(userId)).remove({ abortSignal }),
      );
      await tolerating([404], remove);
    },
  };
}
