import { APIError } from "@anthropic-ai/sdk";
import type { ErrorCode } from "#platform/errors.ts";

/** What a model call was refused with, by the gateway or by the provider behind it. */
export interface RefusedCall {
  code: ErrorCode;
  /** of who refused: which cap it was and what to raise, say */
  words: string;
}

const CODES = new Map<number, ErrorCode>([
  [402, "over_cap"],
  [404, "not_found"],
  [429, "rate_limited"],
]);

/** null: the call was not refused, but failed in some other way, or it is another error. */
export function refusedCall(error: unknown): RefusedCall | null {
  if (!(error instanceof APIError) || error.status === undefined) return null;
  return { code: CODES.get(error.status) ?? "upstream_failed", words: wordsOf(error) };
}

/** Whether a model call was refused because it could pass a cap. */
export function isOverCap(error: unknown): boolean {
  return refusedCall(error)?.code === "over_cap";
}

/** The sentence inside the error's body. */
export function wordsOf(error: APIError): string {
  const body = error.error as { error?: { message?: unknown } } | undefined;
  const message = body?.error?.message;
  return typeof message === "string" ? message : error.message;
}
