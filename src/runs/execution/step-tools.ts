import Anthropic from "@anthropic-ai/sdk";
import type { StepContext } from "#engines/engine.ts";
import { signRunToken } from "#gateway/run-token.ts";
import { sha256 } from "#platform/crypto.ts";
import type { Execution } from "#runs/execution/execution.ts";
import type { Teller } from "#runs/execution/teller.ts";
import { MODEL_BEGINS_MS, RUN_TOKEN_SECONDS } from "#runs/tunables.ts";

/** What the work of a step gets into its hands. Made anew for each repeat, so that its calls count from 1 again. */
export function stepTools(execution: Execution, key: string, attempt: number, teller: Teller): StepContext {
  const { runId, userId, lease } = execution;
  let calls = 0;
  const prefix = `${runId}/${headerSafe(key)}/${attempt}`;
  return {
    key,
    attempt,
    signal: lease.signal,
    async say(event) {
      lease.assertHeld();
      await teller.say(event);
    },
    models: modelClient(execution, key),
    callHeaders() {
      calls += 1;
      return { "idempotency-key": `${prefix}/${calls}` };
    },
    async lastCallCost() {
      const { rows } = await execution.pool.query<{ cost: number | null }>({
        name: "call-cost",
        text: "SELECT cost_micro_usd AS cost FROM model_calls WHERE user_id = $1 AND key = $2",
        values: [userId, `${prefix}/${calls}`],
      });
      return rows[0]?.cost ?? 0;
    },
    processId: (name) => sha256(`${runId}/${key}/${attempt}/${name}`).slice(0, 40),
  };
}

function modelClient(execution: Execution, step: string): Anthropic {
  const { userId, agentId, runId, fence } = execution;
  return new Anthropic({
    baseURL: execution.gatewayUrl,
    apiKey: "signed per call below",
    authToken: null,
    // The step itself is repeated, under the same key: see durable-step.ts.
    maxRetries: 0,
    timeout: MODEL_BEGINS_MS,
    async fetch(url, init) {
      const token = await signRunToken(
        execution.runTokenSecret,
        { userId, agentId, runId, fence, step },
        RUN_TOKEN_SECONDS,
      );
      const headers = new Headers(init?.headers);
      headers.set("x-api-key", token);
      return fetch(url, { ...init, headers });
    },
  });
}

/** Header values are Latin; a key with other letters, or a very long one, goes by its hash. */
function headerSafe(key: string): string {
  return /^[\x21-\x7e]{1,160}$/.test(key) ? key : `sha256:${sha256(key).slice(0, 40)}`;
}
