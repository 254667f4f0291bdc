import { Octokit } from "@octokit/core";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import type { Logger } from "#platform/log.ts";

/** A request that GitHub has not answered by then is given up. Milliseconds. */
const ANSWER_MS = 30_000;

/** GitHub's request for patience is obeyed in place up to here; a longer one is told to the caller. Seconds. */
const PATIENCE_S = 20;
const PATIENT_RETRIES = 2;

const Client = Octokit.plugin(throttling, retry);
export type GitHubClient = InstanceType<typeof Client>;

export interface ClientOptions {
  apiUrl: string;
  log: Logger;
  /** requests of one kind go one after the other, and no more than some at once */
  queue: string;
}

/** GitHub's own client, with its plugins for limits and for failures that pass. */
export function clientDefaults({ apiUrl, log, queue }: ClientOptions) {
  const patient =
    (limit: string) =>
    (retryAfter: number, request: { method: string; url: string }, _client: unknown, retries: number) => {
      log.warn(
        { limit, retryAfter, method: request.method, url: request.url, queue },
        "GitHub asks for patience",
      );
      return retryAfter <= PATIENCE_S && retries < PATIENT_RETRIES;
    };
  return {
    baseUrl: apiUrl.replace(/\/$/, ""),
    userAgent: "carrel",
    request: { fetch: fetchInTime },
    throttle: { id: queue, onRateLimit: patient("rate"), onSecondaryRateLimit: patient("secondary") },
    log: {
      debug: (message: string) => log.debug(message),
      info: (message: string) => log.debug(message),
      warn: (message: string) => log.debug(message),
      error: (message: string) => log.debug(message),
    },
  };
}

export function clientClass(options: ClientOptions) {
  return Client.defaults(clientDefaults(options));
}

/** Speaks with a token: a user's, or one of an installation. */
export function clientWithToken(options: ClientOptions, token: string): GitHubClient {
  return new Client({ ...clientDefaults(options), auth: token });
}

/** Ends a token. It waits for nobody's turn: the plugin would count it among the writes, of which one a second goes. */
export async function revokeToken(options: ClientOptions, token: string): Promise<void> {
  const client = new Client({ ...clientDefaults(options), throttle: { enabled: false }, auth: token });
  await client.request("DELETE /installation/token");
}

function fetchInTime(url: string, init: RequestInit = {}): Promise<Response> {
  const limit = AbortSignal.timeout(ANSWER_MS);
  return fetch(url, { ...init, signal: init.signal ? AbortSignal.any([init.signal, limit]) : limit });
}
