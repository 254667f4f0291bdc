import type { Identity } from "#accounts/authorise.ts";
import { AppError } from "#platform/errors.ts";

/** What leads through a browser and back is bound to its session. @throws AppError forbidden */
export function requireSession(identity: Identity): Identity {
  if (identity.via === "session") return identity;
  throw new AppError("forbidden", "This takes a signed-in browser, not a token.");
}

/** @throws AppError forbidden */
export function requireOperator(identity: Identity): void {
  if (identity.role !== "operator") throw new AppError("forbidden", "Only an operator can do this.");
}
