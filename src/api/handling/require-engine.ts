import { isOffered, OFFERED_ENGINES } from "#engines/offered.ts";
import { AppError } from "#platform/errors.ts";

export const DEFAULT_ENGINE = "builder";

/** @throws AppError bad_request, naming the engines that are offered */
export function requireEngine(name: string): void {
  if (isOffered(name)) return;
  throw new AppError(
    "bad_request",
    `engine: "${name}" is not offered. Offered: ${OFFERED_ENGINES.join(", ")}.`,
  );
}
