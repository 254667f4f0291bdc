import { setTimeout as sleep } from "node:timers/promises";
import { type PartOptions, type Ready, startPart } from "#launch/part.ts";
import { followLog, warningIn } from "#launch/part-log.ts";
import { AppError } from "#platform/errors.ts";

/** Pause before each further start of a part that keeps ending; one that has run for a minute begins anew. */
const PAUSES_MS = [0, 500, 1000, 2000, 5000, 10_000, 30_000];
const STABLE_AFTER_MS = 60_000;

export interface KeptPart {
  /** what it said at its first start */
  ready: Ready;
  pid(): number;
  /** ends it now and starts it again */
  restart(): void;
  stop(graceMs: number): Promise<void>;
}

/**
 * Starts a part and starts it again whenever it ends. Its warnings and errors are passed to `say`, in a few words.
 *
 * @throws AppError unavailable with the part's own words when its first start fails
 */
export async function keepPart(
  options: PartOptions,
  say: (text: string) => void,
  onStart: () => void,
): Promise<KeptPart> {
  let stopping = false;
  const failed: string[] = [];
  let serving = false;
  const follower = await followLog(options.logFile, (line) => {
    const warning = warningIn(line);
    if (warning === null) return;
    if (serving) say(warning);
    else failed.push(warning);
  });
  let part = await startPart(options);
  let since = Date.now();
  const ready = await part.ready.catch(async (error: Error) => {
    await follower.stop();
    throw new AppError("unavailable", failed.at(0) ?? `${error.message} (${options.logFile})`);
  });
  serving = true;

  const keep = async (): Promise<void> => {
    for (let failures = 0; ; failures += 1) {
      const how = await part.ended;
      if (stopping) return;
      if (Date.now() - since > STABLE_AFTER_MS) failures = 0;
      const pause = PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)] ?? 0;
      say(`ended ${how}; starting it again${pause > 0 ? ` in ${pause / 1000} s` : ""}`);
      await sleep(pause, undefined, { ref: false });
      if (stopping) return;
      part = await startPart(options);
      since = Date.now();
      onStart();
      part.ready.then(
        () => say("ready again"),
        () => undefined, // It ended; the loop says so.
      );
    }
  };
  const kept = keep();
  return {
    ready,
    pid: () => part.pid,
    restart: () => void part.stop(2000),
    async stop(graceMs) {
      stopping = true;
      await part.stop(graceMs);
      await kept;
      await follower.stop();
    },
  };
}
