import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isAppError } from "#platform/errors.ts";
import type { Logger } from "#platform/log.ts";

// What web, runner and gateway do alike because each is a process of its own.

/** Whatever hangs then is left behind: no state that matters lives in a process. Milliseconds. */
const STOP_WITHIN_MS = 8_000;

/** Listens, and gives the address. Port 0 takes a free one. @throws the server's error when it cannot listen */
export async function listenAt(server: Server, port: number, host: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const { address, family, port: taken } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${taken}`;
}

/** Says that the part serves: to the log, and to the parent that started it, where there is one. */
export function sayReady(log: Logger, ready: { address: string; note?: string }, also: object = {}): void {
  process.send?.({ ready: true, ...ready });
  log.info({ address: ready.address, ...also }, "ready");
}

/** Ends the process after `stop`, once, when it is told to by a signal or by the death of its parent. */
export function stopWhenTold(log: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  const end = () => {
    if (stopping) return;
    stopping = true;
    log.info("stopping");
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "could not stop in order");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  // The parent that started all parts has died: nobody would stop this one.
  process.on("disconnect", end);
}

/** Ends a process that could not start, with plain words: what is wrong with the machine or the settings is no stack. */
export function endInOneLine(part: string, portVariable: string, error: unknown): never {
  process.stderr.write(`${part}: ${inOneLine(portVariable, error)}\n`);
  process.exit(1);
}

function inOneLine(portVariable: string, error: unknown): string {
  if (isAppError(error)) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE")
    return `${portVariable} is in use: ${message}. Stop what listens there or choose another.`;
  return message ?? String(error);
}
