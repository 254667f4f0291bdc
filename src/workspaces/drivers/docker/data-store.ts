import type Docker from "dockerode";
import { AppError } from "#platform/errors.ts";
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
  /** Bytes that are taken, where that is known without a walk through the files. */
  usedBytes(userId: string): Promise<number | null>;
  /** Of whom something is held that is only held while a workspace runs. */
  held(): Promise<string[]>;
}

/**
 * A volume of the engine for each user; where this host lets us, a disk of bounded size instead. A workspace keeps the
 * kind that it was made with: one whose disk cannot be mounted now does not start, rather than start empty.
 */
export async function dataStore(docker: Docker, home: string, bounded: boolean): Promise<DataStore> {
  const volumes = engineVolumes(docker, home);
  const disks = await BoundedDisks.in(home);
  const of = async (userId: string) => {
    if (!(await disks.exists(userId))) return bounded && !(await volumes.exists(userId)) ? disks : volumes;
    // One that is mounted already (a runner before us did) needs no mount.
    if (bounded || (await disks.mounted()).includes(userId)) return disks;
    throw new AppError("unavailable", CANNOT_MOUNT);
  };
  return {
    exists: async (userId) => (await disks.exists(userId)) || volumes.exists(userId),
    prepare: async (spec) => (await of(spec.userId)).prepare(spec),
    release: (userId) => disks.release(userId),
    async remove(userId) {
      await disks.remove(userId);
      await volumes.remove(userId);
    },
    usedBytes: (userId) => disks.usedBytes(userId),
    held: () => disks.mounted(),
  };
}

const CANNOT_MOUNT =
  "The workspace's data lie on a disk that this runner cannot mount now. Nothing is lost. Run it as root on the engine's host, with CAP_SYS_ADMIN, and restart it; its log says what failed.";

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
    usedBytes: () => Promise.resolve(null),
    held: () => Promise.resolve([]),
    async remove(userId) {
      const remove = engineCall("remove a volume", TUNABLES.engineSlowMs, (abortSignal) =>
        docker.getVolume(containerName(userId)).remove({ abortSignal }),
      );
      await tolerating([404], remove);
    },
  };
}
