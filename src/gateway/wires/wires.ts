import { messagesWire } from "./messages.ts";
import { chatWire } from "./openai/chat.ts";
import { responsesWire } from "./openai/responses.ts";
import { speechWire } from "./openai/speech.ts";
import type { Wire } from "./wire.ts";

/** Every wire by the path at which it is spoken. */
export const WIRE_PATHS: Readonly<Record<string, Wire>> = {
  "/v1/messages": messagesWire,
  "/v1/messages/count_tokens": messagesWire,
  "/v1/chat/completions": chatWire,
  "/v1/responses": responsesWire,
  "/v1/audio/speech": speechWire,
};

/** In whose words an error at this path is said. */
export function wireAt(path: string): Wire {
  return WIRE_PATHS[path] ?? messagesWire;
}
