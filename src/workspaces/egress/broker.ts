import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { AppError, ERROR_CODES, toAppError } from "#platform/errors.ts";
import { newId } from "#platform/ids.ts";
import type { Logger } from "#platform/log.ts";
import { isListed } from "#workspaces/egress/allow-list.ts";
import { connectChecked } from "#workspaces/egress/connect-checked.ts";
import type { ConnectionLog } from "#workspaces/egress/connection-log.ts";
import type { ConnectionRecord } from "#workspaces/egress/connection-record.ts";
import {
  type EgressPolicy,
  type EgressRules,
  refuseDestination,
  switchedOff,
} from "#workspaces/egress/decide.ts";
import { type Destination, parseDestination, writeDestination } from "#workspaces/egress/destination.ts";
import type { Resolve } from "#workspaces/egress/resolve.ts";
import { carry } from "#workspaces/egress/tunnel.ts";
import { refuseStream } from "#workspaces/link/serve-reverse.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

export interface BrokerOptions {
  rules: EgressRules;
  policyOf(userId: string): Promise<EgressPolicy>;
  /** called before a host that no list has is refused: the rules may have more afterwards */
  learn(): Promise<void>;
  connections: ConnectionLog;
  /** for names that the operator listed, and for all others */
  resolve: { listed: Resolve; other: Resolve };
  log: Logger;
}

interface Open {
  userId: string;
  to: Destination;
  cut(): void;
}

/** Decides which connections of workspaces pass, makes them, and writes all of them down. */
export class EgressBroker {
  readonly #options: BrokerOptions;
  readonly #asked = new RateLimiterMemory({ points: TUNABLES.egressPerMinute, duration: 60 });
  readonly #open = new Set<Open>();
  readonly #recheck: NodeJS.Timeout;

  constructor(options: BrokerOptions) {
    this.#options = options;
    this.#recheck = setInterval(() => void this.recheck(), TUNABLES.egressRecheckMs);
    this.#recheck.unref();
  }

  /** Answers CONNECT. Never rejects. */
  async connect(userId: string, stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    const authority = headers[":authority"] ?? "";
    let record: ConnectionRecord | null = null;
    try {
      const to = parseDestination(authority);
      record = newRecord(userId, agentOf(headers), to);
      await this.#admit(userId);
      const socket = await this.#reach(userId, to);
      await this.#pass(record, to, stream, socket);
    } catch (error) {
      this.#refuse(record, stream, error);
    }
  }

  /** For what the runner fetches for a workspace. @throws AppError forbidden where its network is switched off */
  async checkEnabled(userId: string, name: string): Promise<void> {
    if ((await this.#options.policyOf(userId)).enabled) return;
    const { code, message } = switchedOff(name);
    throw new AppError("forbidden", message, { details: { reason: code } });
  }

  /** A connection made under the same rules, for the runner's own services to workspaces. @throws AppError */
  async reach(to: Destination): Promise<Socket> {
    const { rules, resolve } = this.#options;
    const isOperators = rules.private.has(writeDestination(to)) || isListed(rules.allow, to);
    return connectChecked(rules, isOperators ? resolve.listed : resolve.other, to);
  }

  /** Ends what the users' policies no longer allow. */
  async recheck(): Promise<void> {
    const users = new Set([...this.#open].map(({ userId }) => userId));
    for (const userId of users) {
      const policy = await this.#options.policyOf(userId).catch(() => null);
      // Unknown for now: what was allowed stays.
      if (!policy) continue;
      for (const open of this.#open) {
        if (open.userId === userId && refuseDestination(this.#options.rules, policy, open.to)) open.cut();
      }
    }
  }

  /** Cuts what is open; resolves when all of it is written down. */
  async close(): Promise<void> {
    clearInterval(this.#recheck);
    for (const open of this.#open) open.cut();
    while (this.#open.size > 0) await new Promise((resolve) => setImmediate(resolve));
  }

  async #admit(userId: string): Promise<void> {
    try {
      await this.#asked.consume(userId);
    } catch {
      const words = `This workspace asks for more than ${TUNABLES.egressPerMinute} connections a minute`;
      throw new AppError("rate_limited", words, { details: { reason: "too_many" } });
    }
  }

  async #reach(userId: string, to: Destination): Promise<Socket> {
    const { rules, policyOf, learn } = this.#options;
    const policy = await policyOf(userId);
    let refusal = refuseDestination(rules, policy, to);
    if (refusal?.code === "not_listed") {
      await learn();
      refusal = refuseDestination(rules, policy, to);
    }
    if (refusal) throw new AppError("forbidden", refusal.message, { details: { reason: refusal.code } });
    return this.reach(to);
  }

  async #pass(record: ConnectionRecord, to: Destination, stream: ServerHttp2Stream, socket: Socket) {
    if (stream.destroyed || stream.closed) {
      socket.destroy();
      throw new AppError("unavailable", "The asker went away", { details: { reason: "gone" } });
    }
    const open: Open = { userId: record.userId, to, cut: () => socket.destroy() };
    this.#open.add(open);
    this.#options.connections.note(record);
    stream.respond({ ":status": 200 });
    await carry(stream, socket);
    this.#open.delete(open);
    this.#options.connections.note({
      ...record,
      outcome: "closed",
      bytesIn: socket.bytesRead,
      bytesOut: socket.bytesWritten,
      endedAt: new Date(),
    });
  }

  #refuse(record: ConnectionRecord | null, stream: ServerHttp2Stream, error: unknown): void {
    const known = toAppError(error);
    const { status, level } = ERROR_CODES[known.code];
    if (level === "error") this.#options.log.error({ err: known.cause }, "the broker failed");
    const reason = String(known.details.reason ?? known.code);
    if (record) {
      const outcome = known.code === "forbidden" || known.code === "rate_limited" ? "refused" : "failed";
      this.#options.connections.note({ ...record, outcome, reason, endedAt: new Date() });
    }
    refuseStream(stream, status, known.message, { code: "egress_denied", reason });
  }
}

function newRecord(userId: string, agentId: string | null, { host, port }: Destination): ConnectionRecord {
  return {
    id: newId(),
    userId,
    agentId,
    host,
    port,
    outcome: "open",
    reason: null,
    attempts: 1,
    bytesIn: 0,
    bytesOut: 0,
    startedAt: new Date(),
    endedAt: null,
  };
}

function agentOf(headers: IncomingHttpHeaders): string | null {
  const given = headers["x-carrel-agent"];
  return typeof given === "string" && /^[0-9A-Za-z-]{1,64}$/.test(given) ? given : null;
}
