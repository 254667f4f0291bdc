import { ChatAnswer } from "./chat-answer.ts";

const TYPES: Record<number, string> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  503: "overloaded_error",
  529: "overloaded_error",
};

/** A refusal of an OpenAI-compatible server as Anthropic's SDK knows one. */
export function translateError(text: string, status: number): string {
  const type = TYPES[status] ?? (status < 500 ? "invalid_request_error" : "api_error");
  return JSON.stringify({
    type: "error",
    error: { type, message: messageIn(text) ?? `The provider answered ${status}.` },
  });
}

function messageIn(text: string): string | null | undefined {
  try {
    return ChatAnswer.safeParse(JSON.parse(text)).data?.error?.message;
  } catch {
    // A page of HTML, say: the status says what there is to say.
    return null;
  }
}
