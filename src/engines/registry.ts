import { builder } from "#engines/builder/builder.ts";
import type { Engine } from "#engines/engine.ts";
import { isOffered } from "#engines/offered.ts";
import { AppError } from "#platform/errors.ts";

const ENGINES: Record<string, Engine> = { builder };

/** The engine in full, for whoever executes runs. @throws AppError bad_request */
export function engineNamed(name: string): Engine {
  const engine = ENGINES[name];
  if (!engine || !isOffered(name))
    throw new AppError("bad_request", `The engine "${name}" is not offered yet.`);
  return engine;
}
