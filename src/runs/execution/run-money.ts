import type { RunMoney } from "#engines/engine.ts";
import { appendEvents } from "#events/log.ts";
import type { Quote } from "#events/vocabulary.ts";
import { PriceAnswer } from "#gateway/price-answer.ts";
import { signRunToken } from "#gateway/run-token.ts";
import type { Price } from "#ledger/prices.ts";
import { readRoom } from "#ledger/read-room.ts";
import { inTransaction } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";
import { storableJson } from "#platform/storable.ts";
import type { Execution } from "#runs/execution/execution.ts";
import { Interruption } from "#runs/execution/interruption.ts";
import { PRICES_COME_MS, RUN_TOKEN_SECONDS } from "#runs/tunables.ts";

/** What an execution's engine gets to know of the run's money. */
export function runMoney(execution: Execution, model: string): RunMoney {
  return {
    prices: () => askPrices(execution, model),
    room: () => readRoom(execution.pool, execution.runId),
    quote: (quote) => keepQuote(execution, quote),
  };
}

/** Asks the gateway, which alone knows who will be called and who pays. */
async function askPrices(execution: Execution, model: string): Promise<Price[]> {
  const { userId, agentId, runId, fence, gatewayUrl, runTokenSecret, lease } = execution;
  const claims = { userId, agentId, runId, fence, step: "price" };
  const token = await signRunToken(runTokenSecret, claims, RUN_TOKEN_SECONDS);
  let response: Response;
  try {
    response = await fetch(new URL("/price.json", gatewayUrl), {
      method: "POST",
      headers: { "x-api-key": token, "content-type": "application/json" },
      body: JSON.stringify({ model }),
      signal: AbortSignal.any([lease.signal, AbortSignal.timeout(PRICES_COME_MS)]),
    });
    if (response.ok) return PriceAnswer.parse(await response.json()).prices;
  } catch (cause) {
    throw new AppError("unavailable", "The gateway does not say what the model costs.", { cause });
  }
  if (response.status >= 500 || response.status === 429)
    throw new AppError("unavailable", `The gateway does not say what the model costs (${response.status}).`);
  // A model that it does not offer: the call itself says so in better words.
  return [];
}

/** Written, and told, only where it says something else than before. */
async function keepQuote(execution: Execution, quote: Quote): Promise<void> {
  const { runId, fence } = execution;
  await inTransaction(execution.pool, async (client) => {
    const { rowCount } = await client.query(
      "UPDATE runs SET quote = $3 WHERE id = $1 AND fence = $2 AND status = 'running' AND quote IS DISTINCT FROM $3::jsonb",
      [runId, fence, storableJson(quote)],
    );
    if (rowCount === 0) return;
    const told = await appendEvents(client, { runId, fence }, [{ body: { type: "quote", quote } }]);
    if (!told) throw new Interruption("lost");
  });
}
