import { existsSync } from "node:fs";
import { SETTINGS } from "./settings.ts";

const TRIM = "/opt/carrel/trim.node";

/**
 * Whoever calls the answer says that there is something to do. When nobody has said so for a while, what Node's start
 * and the work took of the memory is given back, once; where the image has no such program nothing happens.
 */
export function trimWhenQuiet(): () => void {
  if (!existsSync(TRIM)) return () => {};
  const loaded: { exports: unknown } = { exports: {} };
  process.dlopen(loaded, TRIM);
  const trim = loaded.exports as () => void;
  const timer = setTimeout(trim, SETTINGS.trimAfterMs).unref();
  return () => void timer.refresh();
}
