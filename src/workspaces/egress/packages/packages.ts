import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import pLimit, { type LimitFunction } from "p-limit";
import { AppError, ERROR_CODES, toAppError } from "#platform/errors.ts";
import { newId } from "#platform/ids.ts";
import type { Logger } from "#platform/log.ts";
import type { EgressBroker } from "#workspaces/egress/broker.ts";
import type { ConnectionLog } from "#workspaces/egress/connection-log.ts";
import type { ConnectionRecord } from "#workspaces/egress/connection-record.ts";
import { portOf } from "#workspaces/egress/operator-rules.ts";
import { NpmRegistry } from "#workspaces/egress/packages/npm-registry.ts";
import type { PackageStore } from "#workspaces/egress/packages/package-store.ts";
import { PypiRegistry } from "#workspaces/egress/packages/pypi-registry.ts";
import { createUpstream } from "#workspaces/egress/packages/upstream.ts";
import type { Registries } from "#workspaces/egress/read-registries.ts";
import { refuseStream } from "#workspaces/link/serve-reverse.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

interface Service {
  base: URL;
  registry: {
    serve(path: string, stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<number>;
  };
}

interface Visit {
  record: ConnectionRecord;
  quiet: NodeJS.Timeout;
}

export interface PackagesOptions {
  registries: Registries;
  store: PackageStore;
  broker: EgressBroker;
  connections: ConnectionLog;
  log: Logger;
}

/** The package registries as workspaces see them: read through the runner, which keeps what it fetched for all. */
export class Packages {
  readonly #services: Record<"npm" | "pypi", Service | null>;
  readonly #pypi: PypiRegistry | null;
  readonly #options: PackagesOptions;
  readonly #upstream: ReturnType<typeof createUpstream>;
  readonly #turns = new Map<string, LimitFunction>();
  readonly #visits = new Map<string, Visit>();

  constructor(options: PackagesOptions) {
    const { registries, store, broker } = options;
    this.#options = options;
    this.#upstream = createUpstream(broker);
    const { fetch } = this.#upstream;
    const { npm, pypi } = registries;
    this.#pypi = pypi && new PypiRegistry(pypi, store, fetch);
    this.#services = {
      npm: npm && { base: npm, registry: new NpmRegistry(npm, store, fetch) },
      pypi: pypi && this.#pypi && { base: pypi, registry: this.#pypi },
    };
  }

  /** Never rejects. */
  async serve(
    userId: string,
    name: "npm" | "pypi",
    path: string,
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
  ): Promise<void> {
    try {
      const { base, registry } = this.#service(name);
      await this.#options.broker.checkEnabled(userId, base.host);
      const bytes = await this.#inTurn(userId, async () =>
        stream.destroyed ? 0 : registry.serve(path, stream, headers),
      );
      this.#count(userId, base, bytes);
    } catch (error) {
      const known = toAppError(error);
      const { status, level } = ERROR_CODES[known.code];
      // The asker left in the middle: nobody is there to be told.
      if (stream.destroyed) return;
      if (level !== "info") this.#options.log[level]({ err: known.cause, path }, known.message);
      refuseStream(stream, status, known.message, { reason: known.details.reason ?? known.code });
    }
  }

  /** Where the Python index keeps its files. @throws AppError upstream_failed, not_found */
  async findFiles(): Promise<URL[]> {
    return (await this.#pypi?.findFiles()) ?? [];
  }

  async close(): Promise<void> {
    for (const key of this.#visits.keys()) this.#endVisit(key);
    await this.#upstream.close();
  }

  #service(name: "npm" | "pypi"): Service {
    const service = this.#services[name];
    if (service) return service;
    const variable = name === "npm" ? "NPM_CONFIG_REGISTRY" : "PIP_INDEX_URL";
    throw new AppError(
      "unavailable",
      `This host knows no registry of ${name}: its operator can set ${variable}`,
    );
  }

  /** One workspace's downloads wait for each other, not another's for theirs. */
  async #inTurn<T>(userId: string, work: () => Promise<T>): Promise<T> {
    const turn = this.#turns.get(userId) ?? pLimit(TUNABLES.packageFetches);
    this.#turns.set(userId, turn);
    try {
      return await turn(work);
    } finally {
      if (turn.activeCount === 0 && turn.pendingCount === 0) this.#turns.delete(userId);
    }
  }

  // A row for each request would drown the list that people read: what comes in one go is one.
  #count(userId: string, base: URL, bytes: number): void {
    const key = `${userId} ${base.href}`;
    const visit = this.#visits.get(key);
    if (visit) clearTimeout(visit.quiet);
    const record = visit?.record ?? newVisit(userId, base);
    const counted = { ...record, bytesIn: record.bytesIn + bytes };
    const quiet = setTimeout(() => this.#endVisit(key), TUNABLES.packageQuietMs);
    quiet.unref();
    this.#visits.set(key, { record: counted, quiet });
    if (!visit) this.#options.connections.note(counted);
  }

  #endVisit(key: string): void {
    const visit = this.#visits.get(key);
    if (!visit) return;
    clearTimeout(visit.quiet);
    this.#visits.delete(key);
    this.#options.connections.note({ ...visit.record, outcome: "closed", endedAt: new Date() });
  }
}

function newVisit(userId: string, base: URL): ConnectionRecord {
  return {
    id: newId(),
    userId,
    agentId: null,
    host: base.hostname,
    port: portOf(base),
    outcome: "open",
    reason: "packages",
    attempts: 1,
    bytesIn: 0,
    bytesOut: 0,
    startedAt: new Date(),
    endedAt: null,
  };
}
