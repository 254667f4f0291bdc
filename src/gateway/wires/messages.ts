import { boundRequest } from "#gateway/calls/bound-request.ts";
import { checkRequest } from "#gateway/calls/check-request.ts";
import { meterFor } from "#gateway/calls/meter.ts";
import { fullBytes } from "#gateway/http/cut-body.ts";
import { wireErrorBody } from "#gateway/http/wire-error.ts";
import { MessagesRequest } from "#gateway/messages-wire.ts";
import type { ModelRequest } from "#gateway/model-request.ts";
import { LEAST_OUTPUT_TOKENS } from "#gateway/tunables.ts";
import type { Wire } from "./wire.ts";

/** Anthropic's Messages. */
export const messagesWire: Wire = {
  name: "messages",
  read({ text, parts }) {
    const { request, body } = checkRequest(MessagesRequest, text);
    return {
      wire: "messages",
      model: request.model,
      stream: request.stream === true,
      value: request,
      body,
      parts,
      bound: boundRequest(request, fullBytes(body, parts), parts),
      maxOutput: request.max_tokens,
      leastOutput: thinkingBudget(request) + LEAST_OUTPUT_TOKENS,
      characters: 0,
    };
  },
  limitOutput: (_request, tokens) => ({ max_tokens: tokens }),
  meter: (contentType) => meterFor(contentType),
  errorBody: wireErrorBody,
  errorEvent: (error, requestId) => `event: error\ndata: ${wireErrorBody(error, requestId)}\n\n`,
};

/** `max_tokens` must be above it. */
function thinkingBudget(request: ModelRequest["value"]): number {
  const { thinking } = request as { thinking?: { budget_tokens?: unknown } | null };
  return typeof thinking?.budget_tokens === "number" ? thinking.budget_tokens : 0;
}
