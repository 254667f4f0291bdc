import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What an operator watches. No label names a user: whoever may read these learns nothing of anybody. */
export function createMetrics() {
  const registry = new Registry();
  // Memory, event loop and CPU of this process.
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const served = ["provider", "model"] as const;
  return {
    registry,
    calls: new Counter({
      name: "carrel_gateway_calls_total",
      help: "Model calls by how they ended",
      labelNames: [...served, "outcome"],
      registers,
    }),
    seconds: new Histogram({
      name: "carrel_gateway_call_seconds",
      help: "From the call to the last byte of its answer",
      labelNames: ["provider"],
      buckets: [0.05, 0.25, 1, 5, 15, 60, 300],
      registers,
    }),
    cost: new Counter({
      name: "carrel_gateway_charged_micro_usd_total",
      help: "What was charged, micro-dollars",
      labelNames: served,
      registers,
    }),
    retries: new Counter({
      name: "carrel_gateway_retries_total",
      help: "Calls that were made again before the first byte",
      labelNames: served,
      registers,
    }),
    fallbacks: new Counter({
      name: "carrel_gateway_fallbacks_total",
      help: "Calls that went to the next of their chain",
      labelNames: ["from", "to"],
      registers,
    }),
    circuitOpen: new Gauge({
      name: "carrel_gateway_circuit_open",
      help: "1 while a provider's model is left alone because it keeps failing",
      labelNames: ["circuit"],
      registers,
    }),
    refusals: new Counter({
      name: "carrel_gateway_refusals_total",
      help: "Requests that were refused, by our code",
      labelNames: ["code"],
      registers,
    }),
    underWay: new Gauge({
      name: "carrel_gateway_calls_under_way",
      help: "Calls that are not entered in the ledger yet",
      registers,
    }),
  };
}
export type Metrics = ReturnType<typeof createMetrics>;
