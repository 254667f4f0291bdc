import { z } from "zod";
import type { Meter } from "#gateway/calls/meter.ts";
import type { ModelRequest } from "#gateway/model-request.ts";
import { NO_TOKENS } from "#ledger/cost.ts";
import { notOffered, parseBody } from "../parse-body.ts";
import type { Wire } from "../wire.ts";
import { openaiErrorBody } from "./openai-error.ts";

/** The body of `POST /v1/audio/speech` (source: OpenAI API reference, Audio). 4,096 characters is its own limit. */
export const SpeechRequest = z.looseObject({
  model: z.string().min(1).max(200),
  input: z.string().min(1).max(4096),
  voice: z.string().min(1).max(100),
  response_format: z.enum(["mp3", "opus", "aac", "flac", "wav", "pcm"]).nullish(),
  stream_format: z.string().nullish(),
});

/** OpenAI's speech: text in, sound out, priced by the character. */
export const speechWire: Wire = {
  name: "speech",
  read({ text, parts }) {
    const value = parseBody(SpeechRequest, text);
    if (value.stream_format === "sse") throw notOffered("`stream_format` `sse`");
    return {
      wire: "speech",
      model: value.model,
      stream: true,
      value,
      body: Buffer.from(JSON.stringify(value)),
      parts,
      bound: { input: 0, cache: "none" },
      maxOutput: 0,
      leastOutput: 0,
      // Code points: never fewer than what a provider may count as a character.
      characters: Math.max([...value.input].length, value.input.length),
    };
  },
  limitOutput: () => ({}),
  meter: (contentType, request) => soundMeter(contentType, request),
  errorBody: openaiErrorBody,
  errorEvent: () => null,
};

/** What comes under another name may be a page that says "busy". */
export function isSound(contentType: string): boolean {
  return /^(audio\/|application\/octet-stream)/.test(contentType);
}

function soundMeter(contentType: string, request: ModelRequest): Meter {
  let bytes = 0;
  const sound = isSound(contentType);
  return {
    feed(chunk) {
      bytes += chunk.length;
    },
    read: () => ({
      whole: sound && bytes > 0,
      tokens: { ...NO_TOKENS, characters: request.characters },
      counted: true,
      generatedBytes: 0,
      failed: false,
      betweenEvents: false,
    }),
  };
}
