import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Answer } from "#gateway/calls/call.ts";
import { wholeOf } from "#gateway/whole-body.ts";

const COST = "x-carrel-cost-microusd";

/** Writes an answer as fast as its reader takes it; the cost goes into a header, or a trailer when it is streamed. */
export async function writeAnswer(response: ServerResponse, answer: Answer): Promise<void> {
  await (answer.streamed ? writeStream(response, answer) : writeWhole(response, answer));
}

async function writeWhole(response: ServerResponse, answer: Answer): Promise<void> {
  const body = await wholeOf(answer.body);
  response.writeHead(answer.status, {
    ...headersOf(answer),
    [COST]: String(answer.cost() ?? 0),
    "content-length": body.length,
  });
  response.end(body);
}

async function writeStream(response: ServerResponse, answer: Answer): Promise<void> {
  response.writeHead(answer.status, { ...headersOf(answer), "cache-control": "no-cache", trailer: COST });
  response.flushHeaders();
  for await (const chunk of answer.body) {
    // Leaving the loop tells the call that its caller is gone.
    if (response.destroyed) return;
    if (!response.write(chunk)) await drained(response);
  }
  const cost = answer.cost();
  if (cost !== null) response.addTrailers({ [COST]: String(cost) });
  response.end();
}

function headersOf(answer: Answer): Record<string, string> {
  return { ...answer.headers, "x-carrel-request-id": answer.requestId };
}

async function drained(response: ServerResponse): Promise<void> {
  const over = new AbortController();
  try {
    await Promise.race([
      once(response, "drain", { signal: over.signal }),
      once(response, "close", { signal: over.signal }),
    ]);
  } finally {
    over.abort();
  }
}
