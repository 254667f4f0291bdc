import type { IncomingMessage, ServerResponse } from "node:http";
import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { OPERATIONS } from "#api/operations.ts";
import type { Database } from "#platform/db.ts";

/** What Prometheus reads at /metrics: technical figures of this process, and the house's own from the database. */
export interface Metrics {
  /** notes a request when it has been answered */
  observe(request: IncomingMessage, response: ServerResponse): void;
  render(): Promise<{ contentType: string; text: string }>;
}

export function createMetrics(db: Database, sockets: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "carrel_http_request_seconds",
    help: "Time to answer, by method, route and status",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  new Gauge({
    name: "carrel_sockets",
    help: "Sockets open on this node",
    registers,
    collect() {
      this.set(sockets());
    },
  });
  new Gauge({
    name: "carrel_runs",
    help: "Runs by status",
    labelNames: ["status"],
    registers,
    async collect() {
      this.reset();
      const { rows } = await db.pool.query<{ status: string; count: number }>(
        "SELECT status, count(*) AS count FROM runs GROUP BY status",
      );
      for (const { status, count } of rows) this.set({ status }, count);
    },
  });
  new Gauge({
    name: "carrel_workspaces",
    help: "Workspaces by state",
    labelNames: ["state"],
    registers,
    async collect() {
      this.reset();
      const { rows } = await db.pool.query<{ state: string; count: number }>(
        "SELECT state, count(*) AS count FROM workspaces GROUP BY state",
      );
      for (const { state, count } of rows) this.set({ state }, count);
    },
  });
  new Gauge({
    name: "carrel_workspace_queue",
    help: "Users who wait for a place on a host",
    registers,
    async collect() {
      const { rows } = await db.pool.query<{ count: number }>(
        "SELECT count(*) AS count FROM workspace_waits WHERE until > clock_timestamp()",
      );
      this.set(rows[0]?.count ?? 0);
    },
  });
  new Gauge({
    name: "carrel_workspace_places",
    help: "Workspaces that hosts may run at once, by whether the place is taken",
    labelNames: ["place"],
    registers,
    async collect() {
      const { rows } = await db.pool.query<{ taken: number; places: number }>(
        `SELECT coalesce(sum(workspaces), 0) AS taken, coalesce(sum(max_workspaces), 0) AS places
           FROM runners WHERE lease_until > clock_timestamp()`,
      );
      this.set({ place: "taken" }, rows[0]?.taken ?? 0);
      this.set({ place: "free" }, Math.max(0, (rows[0]?.places ?? 0) - (rows[0]?.taken ?? 0)));
    },
  });
  new Gauge({
    name: "carrel_users",
    help: "Users by status",
    labelNames: ["status"],
    registers,
    async collect() {
      this.reset();
      const { rows } = await db.pool.query<{ status: string; count: number }>(
        "SELECT status, count(*) AS count FROM users GROUP BY status",
      );
      for (const { status, count } of rows) this.set({ status }, count);
    },
  });
  return {
    observe(request, response) {
      const end = requests.startTimer({ method: request.method, route: routeOf(request.url ?? "/") });
      response.once("close", () => end({ status: response.statusCode }));
    },
    async render() {
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

const PAGES = [
  "",
  "agents",
  "usage",
  "workspace",
  "settings",
  "sign-in",
  "socket.io",
  "healthz",
  "readyz",
  "metrics",
];
const PATTERNS = [...new Set(OPERATIONS.map(({ path }) => path))].map((path) => ({
  path,
  pattern: new RegExp(`^/api/v1${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`),
}));

// A closed set of labels, whatever anybody asks for.
function routeOf(url: string): string {
  const path = url.split("?")[0] ?? "/";
  if (path.startsWith("/api/v1/")) {
    return PATTERNS.find(({ pattern }) => pattern.test(path))?.path ?? "/api/other";
  }
  const first = path.split("/")[1] ?? "";
  if (["_next", "api"].includes(first) || PAGES.includes(first)) return `/${first}`;
  return "/other";
}
