import { pipeline, type Readable } from "node:stream";
import tls from "node:tls";
import { createGunzip } from "node:zlib";
import { Agent, type Dispatcher, request } from "undici";
import { AppError } from "#platform/errors.ts";
import type { EgressBroker } from "#workspaces/egress/broker.ts";
import { parseDestination } from "#workspaces/egress/destination.ts";
import { portOf } from "#workspaces/egress/operator-rules.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

export interface Fetched {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Readable;
}

export interface FetchOptions {
  headers?: Record<string, string>;
  method?: "GET" | "POST";
  body?: Buffer;
}

/** What the runner fetches itself: over connections that the broker's rules allow, with nothing of any workspace in it. */
export type FetchUpstream = (url: URL, options?: FetchOptions) => Promise<Fetched>;

/** Certificates of Node, of NODE_EXTRA_CA_CERTS, and of this machine: an operator's own authority is found there. */
function trusted(): string[] {
  return [...tls.getCACertificates("default"), ...tls.getCACertificates("system")];
}

export function createUpstream(
  broker: Pick<EgressBroker, "reach">,
  connectMs: number = TUNABLES.egressConnectMs,
): { fetch: FetchUpstream; close(): Promise<void> } {
  const secureContext = tls.createSecureContext({ ca: trusted() });
  const agent = new Agent({
    connections: 64,
    headersTimeout: TUNABLES.packageAnswerMs,
    bodyTimeout: TUNABLES.packageAnswerMs,
    connect: (options, done) => {
      const open = async () => {
        const url = new URL(`${options.protocol}//${options.hostname}:${options.port || ""}`);
        const socket = await broker.reach(parseDestination(`${url.hostname}:${portOf(url)}`));
        if (options.protocol !== "https:") return socket;
        return secure(tls.connect({ socket, servername: options.hostname, secureContext }), connectMs);
      };
      open().then(
        (socket) => done(null, socket),
        (error: Error) => done(error, null),
      );
    },
  });
  return { fetch: (url, options) => send(agent, url, options), close: () => agent.destroy() };
}

/** Resolves when hands were shaken: a server that takes the connection and says nothing holds it only so long. */
function secure(secured: tls.TLSSocket, deadlineMs: number): Promise<tls.TLSSocket> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => secured.destroy(new Error("no TLS handshake in time")), deadlineMs);
    secured.once("secureConnect", () => {
      clearTimeout(timer);
      resolve(secured);
    });
    // Kept: whoever takes it over listens a moment later.
    secured.on("error", (error) => {
      clearTimeout(timer);
      secured.destroy();
      reject(error);
    });
    secured.once("close", () => {
      clearTimeout(timer);
      reject(new Error("closed in the middle of the TLS handshake"));
    });
  });
}

async function send(dispatcher: Dispatcher, url: URL, options: FetchOptions = {}): Promise<Fetched> {
  try {
    const { statusCode, headers, body } = await request(url, {
      dispatcher,
      method: options.method ?? "GET",
      headers: { ...options.headers, "accept-encoding": "gzip" },
      body: options.body ?? null,
    });
    return {
      status: statusCode,
      headers,
      body: headers["content-encoding"] === "gzip" ? unzipped(body) : body,
    };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("upstream_failed", `The registry ${url.host} does not answer`, { cause });
  }
}

function unzipped(body: Readable): Readable {
  // An error of the one becomes the other's, whose reader hears of it.
  return pipeline(body, createGunzip(), () => undefined);
}
