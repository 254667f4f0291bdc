import type { IncomingMessage, ServerResponse } from "node:http";
import type { Metrics } from "#api/metrics.ts";
import type { Database } from "#platform/db.ts";

type Answerer = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

/** What orchestrators and Prometheus ask. */
export function createProbes(parts: {
  db: Database;
  metrics: Metrics;
  /** the process's own parts, by name */
  checks: Readonly<Record<string, () => boolean>>;
}): Record<string, Answerer> {
  return {
    "/healthz": (_request, response) => json(response, 200, { status: "alive" }),
    async "/readyz"(_request, response) {
      const states: Record<string, boolean> = { database: await answers(parts.db) };
      for (const [name, check] of Object.entries(parts.checks)) states[name] = check();
      const isReady = Object.values(states).every(Boolean);
      json(response, isReady ? 200 : 503, { status: isReady ? "ready" : "not ready", ...states });
    },
    async "/metrics"(request, response) {
      // Whoever comes through the ingress is not the cluster's Prometheus.
      if (request.headers["x-forwarded-for"]) return json(response, 404, { status: "not found" });
      const { contentType, text } = await parts.metrics.render();
      response.writeHead(200, { "content-type": contentType, "cache-control": "no-store" }).end(text);
    },
  };
}

async function answers(db: Database): Promise<boolean> {
  try {
    await db.pool.query("SELECT 1");
    return true;
  } catch {
    // Not ready is the answer; the pool's own error handler tells the log why.
    return false;
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}
