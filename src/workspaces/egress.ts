import path from "node:path";
import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";
import type { Logger } from "#platform/log.ts";
import { isWithin, parsePattern, writePattern } from "#workspaces/egress/allow-list.ts";
import { EgressBroker } from "#workspaces/egress/broker.ts";
import { DatabaseLog } from "#workspaces/egress/connection-log.ts";
import type { EgressRules } from "#workspaces/egress/decide.ts";
import { createDoor } from "#workspaces/egress/door.ts";
import { FileHosts } from "#workspaces/egress/file-hosts.ts";
import { type OperatorSettings, operatorRules } from "#workspaces/egress/operator-rules.ts";
import { PackageStore } from "#workspaces/egress/packages/package-store.ts";
import { Packages } from "#workspaces/egress/packages/packages.ts";
import { NO_REGISTRIES, readRegistries, sayMissing } from "#workspaces/egress/read-registries.ts";
import { resolveAsHost, resolveByDns } from "#workspaces/egress/resolve.ts";
import { sweepConnections } from "#workspaces/egress/sweep-connections.ts";
import {
  type ChosenEgress,
  type EgressPolicy,
  readEgressPolicy,
  writeEgressPolicy,
} from "#workspaces/egress-policy.ts";
import type { ReverseDoor } from "#workspaces/link/serve-reverse.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

/** How the workspaces of a runner reach others. */
export interface Egress {
  door(userId: string): ReverseDoor;
  /** what an operator is to know of package registries that this machine does not name, a line each. Never rejects. */
  missing(): Promise<string[]>;
  read(userId: string): Promise<EgressPolicy>;
  /** @throws AppError bad_request, forbidden for a host that the operator does not leave to users */
  choose(userId: string, chosen: ChosenEgress): Promise<EgressPolicy>;
  close(): Promise<void>;
}

export interface EgressOptions {
  db: Database;
  log: Logger;
  settings: OperatorSettings;
  gatewayUrl: string;
  /** CARREL_HOME */
  home: string;
  /** of this machine, where npm and pip find their configuration */
  environment: Record<string, string | undefined>;
}

interface Parts {
  missing: string[];
  rules: EgressRules;
  broker: EgressBroker;
  packages: Packages;
  endTidying(): void;
}

/** Ready at once; what is asked waits until npm and pip have said their registries. @throws AppError bad_request */
export function openEgress(options: EgressOptions): Egress {
  const { db, log, gatewayUrl } = options;
  // A wrong list ends the start, not the first connection.
  operatorRules(options.settings, NO_REGISTRIES);
  const connections = new DatabaseLog(db.pool, log);
  const opening = openParts(options, connections);
  opening.catch((error: unknown) => log.error({ err: error }, "the way out of workspaces did not open"));
  const sweep = () =>
    sweepConnections(db.pool).catch((error: unknown) => log.warn({ err: error }, "connections not swept"));
  const sweeper = setInterval(sweep, TUNABLES.egressSweepMs);

  const read = async (userId: string): Promise<EgressPolicy> => ({
    ...(await readEgressPolicy(db.pool, userId)),
    operatorAllow: (await opening).rules.allow.map(writePattern),
  });
  return {
    door: (userId) => {
      const door = opening.then((parts) => createDoor(userId, { ...parts, gatewayUrl }));
      // Whoever asks hears of it.
      door.catch(() => undefined);
      return async (stream, headers) => (await door)(stream, headers);
    },
    // What failed to open was said then.
    missing: () =>
      opening.then(
        ({ missing }) => missing,
        () => [],
      ),
    read,
    async choose(userId, chosen) {
      const { rules, broker } = await opening;
      const allow = withinBounds(rules, chosen.allow);
      await writeEgressPolicy(db.pool, userId, { enabled: chosen.enabled, allow });
      await broker.recheck();
      return read(userId);
    },
    async close() {
      clearInterval(sweeper);
      const { packages, broker, endTidying } = await opening;
      endTidying();
      await packages.close();
      await broker.close();
      await connections.close();
    },
  };
}

async function openParts(options: EgressOptions, connections: DatabaseLog): Promise<Parts> {
  const { db, log } = options;
  const registries = await readRegistries(options.environment, log);
  const fileHosts: FileHosts = new FileHosts(() => packages.findFiles());
  const rules = fileHosts.addTo(operatorRules(options.settings, registries));
  const policyOf = async (userId: string) => {
    const { enabled, allow } = await readEgressPolicy(db.pool, userId);
    return { enabled, allow: allow.map(parsePattern) };
  };
  const resolve = { listed: resolveAsHost, other: resolveByDns };
  const learn = () => fileHosts.learn();
  const broker = new EgressBroker({ rules, policyOf, learn, connections, resolve, log });
  const store = new PackageStore(path.join(options.home, "packages"));
  const packages = new Packages({ registries, store, broker, connections, log });
  const endTidying = store.tidyRegularly((error) => log.warn({ err: error }, "packages not tidied"));
  return { missing: sayMissing(registries), rules, broker, endTidying, packages };
}

/** In their canonical spelling, each once. @throws AppError forbidden for one that the operator keeps to himself */
function withinBounds(rules: EgressRules, wanted: string[]): string[] {
  const patterns = wanted.map(parsePattern);
  const beyond = patterns.find((pattern) => !isWithin(rules.userAllow, pattern));
  if (beyond) throw new AppError("forbidden", `${writePattern(beyond)} can only be allowed by the operator.`);
  return [...new Set(patterns.map(writePattern))];
}
