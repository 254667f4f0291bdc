import path from "node:path";
import { createLogger } from "#platform/log.ts";
import { parsePattern } from "#workspaces/egress/allow-list.ts";
import { EgressBroker } from "#workspaces/egress/broker.ts";
import type { ConnectionRecord } from "#workspaces/egress/connection-record.ts";
import { createDoor } from "#workspaces/egress/door.ts";
import { FileHosts } from "#workspaces/egress/file-hosts.ts";
import { PackageStore } from "#workspaces/egress/packages/package-store.ts";
import { Packages } from "#workspaces/egress/packages/packages.ts";
import type { Registries } from "#workspaces/egress/read-registries.ts";
import { resolveAsHost } from "#workspaces/egress/resolve.ts";
import type { ReverseDoor } from "#workspaces/link/serve-reverse.ts";

/** A broker as a runner has it, with an operator's lists, names and a user's choice of the test's own, and no database. */
export interface OpenNetwork {
  door(userId: string): ReverseDoor;
  /** what it wrote down, the last state of each */
  records(userId: string): ConnectionRecord[];
  /** the users' choice, for all of them */
  choice: { enabled: boolean; allow: string[] };
  broker: EgressBroker;
  close(): Promise<void>;
}

export function openNetwork(options: {
  allow?: string[];
  userAllow?: string[];
  private?: string[];
  /** each name's addresses; a list of lists answers differently each time, the last one for ever */
  names: Record<string, string[] | string[][]>;
  gatewayUrl?: string;
  registries?: Partial<Registries>;
  /** CARREL_HOME, for the packages that are kept */
  home?: string;
}): OpenNetwork {
  const records = new Map<string, ConnectionRecord>();
  const choice: OpenNetwork["choice"] = { enabled: true, allow: [] };
  const answers = new Map(Object.entries(options.names).map(([name, found]) => [name, [...found]]));
  const resolve = async (host: string): Promise<string[]> => {
    const left = answers.get(host);
    if (!left && host === options.registries?.npm?.hostname) return resolveAsHost(host);
    if (!left) throw Object.assign(new Error(`no such name: ${host}`), { code: "ENOTFOUND" });
    if (!Array.isArray(left[0])) return left as string[];
    return (left.length > 1 ? left.shift() : left[0]) as string[];
  };
  const connections = { note: (record: ConnectionRecord) => void records.set(record.id, record) };
  const log = createLogger("test", "silent");
  const fileHosts: FileHosts = new FileHosts(() => packages.findFiles());
  const broker = new EgressBroker({
    rules: fileHosts.addTo({
      allow: (options.allow ?? []).map(parsePattern),
      userAllow: (options.userAllow ?? ["*:*"]).map(parsePattern),
      private: new Set(options.private ?? []),
      own: () => new Set(),
    }),
    learn: () => fileHosts.learn(),
    policyOf: async () => ({ enabled: choice.enabled, allow: choice.allow.map(parsePattern) }),
    connections,
    resolve: { listed: resolve, other: resolve },
    log,
  });
  const nowhere = new URL("http://127.0.0.1:9/");
  const packages = new Packages({
    registries: { npm: nowhere, pypi: nowhere, ...options.registries },
    store: new PackageStore(path.join(options.home ?? "/nonexistent", "packages")),
    broker,
    connections,
    log,
  });
  return {
    door: (userId) =>
      createDoor(userId, { broker, packages, gatewayUrl: options.gatewayUrl ?? nowhere.href }),
    records: (userId) => [...records.values()].filter((record) => record.userId === userId),
    choice,
    broker,
    async close() {
      await packages.close();
      await broker.close();
    },
  };
}
