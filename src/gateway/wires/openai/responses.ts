import { z } from "zod";
import { fullBytes } from "#gateway/http/cut-body.ts";
import { LEAST_OUTPUT_TOKENS } from "#gateway/tunables.ts";
import { parseBody } from "../parse-body.ts";
import type { Wire } from "../wire.ts";
import { boundOpenai } from "./bound-openai.ts";
import { openaiErrorBody, responsesErrorEvent } from "./openai-error.ts";
import { refuseForeign } from "./refuse-foreign.ts";
import { responsesMeter } from "./responses-meter.ts";

/** The body of `POST /v1/responses`, as far as the gateway looks into it (source: OpenAI API reference, Responses). */
export const ResponsesRequest = z.looseObject({
  model: z.string().min(1).max(200),
  input: z.union([z.string(), z.array(z.looseObject({ type: z.string().optional() }))]),
  instructions: z.string().nullish(),
  stream: z.boolean().nullish(),
  max_output_tokens: z.int().min(1).max(1_000_000).nullish(),
  tools: z.array(z.looseObject({ type: z.string() })).nullish(),
});
export type ResponsesRequest = z.infer<typeof ResponsesRequest>;

/** OpenAI's Responses. */
export const responsesWire: Wire = {
  name: "responses",
  read({ text, parts }) {
    const asked = parseBody(ResponsesRequest, text);
    refuseForeign(asked, asked.input);
    const value = { ...asked, store: false };
    const body = Buffer.from(JSON.stringify(value));
    return {
      wire: "responses",
      model: asked.model,
      stream: asked.stream === true,
      value,
      body,
      parts,
      bound: boundOpenai(asked, asked.input, { bytes: fullBytes(body, parts), parts }),
      maxOutput: asked.max_output_tokens ?? null,
      leastOutput: LEAST_OUTPUT_TOKENS,
      characters: 0,
    };
  },
  limitOutput: (_request, tokens) => ({ max_output_tokens: tokens }),
  meter: responsesMeter,
  errorBody: openaiErrorBody,
  errorEvent: responsesErrorEvent,
};
