import { setTimeout as sleep } from "node:timers/promises";
import { type PartOptions, type Ready, startPart } from "#launch/part.ts";
import { followLog, warningIn } from "#launch/part-log.ts";
import { AppError } from "#platform/errors.ts";

/** Pause before each further start of a part that keeps ending; one that has run for a minute begins anew. */
const PAUSES_MS = [0, 500, 1000, 2000, 5000, 10_000, 30_000];
const STABLE_AFTER_MS = 60_000;
/** Of what a part says when it cannot start, so much is shown. */
const REASON_LINES = 3;

export interface KeptPart {
  /** What it said when it first served; rejects with its own words when it ended before. */
  ready: Promise<Ready>;
  pid(): number;
  /** ends it now; it is started again at once */
  restart(): void;
  stop(graceMs: number): Promise<void>;
}

/**
 * Starts a part and, once it has served, starts it again whenever it ends. Its warnings and errors go to `say` in a
 * few words; `onStart` hears of every new process.
 */
export async function keepPart(
  options: PartOptions,
  hooks: { say(text: string): void; onStart(): void },
): Promise<KeptPart> {
  let stopping = false;
  let serving = false;
  const reasons: string[] = [];
  const follower = await followLog(options.logFile, (line) => {
    const warning = warningIn(line);
    if (warning === null) return;
    if (!serving) reasons.push(warning);
    // What a library prints by itself is for the file, unless it is about something that went wrong.
    else if (line.startsWith("{") || /error|warn|fatal/i.test(line)) hooks.say(warning);
  });
  let part = await startPart(options);
  let since = Date.now();

  const startAgain = async (pauseMs: number): Promise<void> => {
    await sleep(pauseMs, undefined, { ref: false });
    if (stopping) return;
    part = await startPart(options);
    since = Date.now();
    hooks.onStart();
    part.ready.then(
      () => hooks.say("ready again"),
      () => {
        // It ended before it served: whoever waits for its end says so.
      },
    );
  };
  const ready = part.ready.then(
    (said) => {
      serving = true;
      return said;
    },
    async (error: Error) => {
      await follower.stop();
      throw new AppError("unavailable", reasonOf(options, reasons) ?? `${options.name}: ${error.message}`, {
        cause: error,
      });
    },
  );
  const kept = ready.then(
    async () => {
      for (let ends = 0; ; ends += 1) {
        const how = await part.ended;
        if (stopping) return;
        if (Date.now() - since > STABLE_AFTER_MS) ends = 0;
        const pauseMs = PAUSES_MS[Math.min(ends, PAUSES_MS.length - 1)] ?? 0;
        hooks.say(`ended ${how}; starting it again${pauseMs > 0 ? ` in ${pauseMs / 1000} s` : ""}`);
        await startAgain(pauseMs);
        if (stopping) return;
      }
    },
    () => {
      // Never served: whoever waits for `ready` hears of it.
    },
  );
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

/** What a part said when it could not start: its own plain lines, or the heart of a stack trace and where the rest is. */
function reasonOf({ name, logFile }: PartOptions, lines: string[]): string | null {
  const own = lines.findIndex((line) => line.startsWith(`${name}: `));
  if (own >= 0) return lines.slice(own, own + REASON_LINES).join("\n");
  const heart = lines.find((line) => /^⨯|^\W*\w*Error\b/.test(line)) ?? lines.at(-1);
  if (heart === undefined) return null;
  return `${name}: ${heart} (${logFile})`;
}
