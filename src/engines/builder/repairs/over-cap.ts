import { APIError } from "@anthropic-ai/sdk";

/** The gateway's words for a call that a cap refused: which cap it is and what to raise. null: another error. */
export function refusedOverCap(error: unknown): string | null {
  if (!(error instanceof APIError) || error.status !== 402) return null;
  const body = error.error as { error?: { message?: unknown } } | undefined;
  const message = body?.error?.message;
  return typeof message === "string" ? message : error.message;
}
