import { AppError, isAppError } from "#platform/errors.ts";

interface EngineError {
  statusCode?: number;
  code?: string;
  json?: { message?: string };
  message?: string;
}

/** The engine's own status of an answer; null: it gave none. */
export function engineStatus(error: unknown): number | null {
  const cause = isAppError(error) ? error.cause : error;
  return (cause as EngineError | undefined)?.statusCode ?? null;
}

/**
 * One call to the engine, with an end: an engine that hangs must not hang us. The call gets the signal; it is given up
 * at the deadline whether it heeds it or not.
 * @throws AppError timeout, unavailable with the engine's own words
 */
export async function engineCall<T>(
  what: string,
  ms: number,
  call: (abortSignal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new AppError("timeout", `The container engine took too long to ${what}.`));
      controller.abort();
    }, ms);
  });
  try {
    return await Promise.race([call(controller.signal), late]);
  } catch (cause) {
    if (isAppError(cause)) throw cause;
    const { code, statusCode, json, message } = cause as EngineError;
    if (statusCode === undefined) {
      const words = `The container engine does not answer (${code ?? message ?? "no reason given"}).`;
      throw new AppError("unavailable", words, { cause });
    }
    const words = (json?.message ?? message ?? "").split("\n")[0]?.slice(0, 300);
    throw new AppError("unavailable", `The container engine could not ${what}: ${words}`, { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** The same, where the engine's answer `status` (absent already, say) is as good as success. */
export async function tolerating(status: number[], call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    const given = engineStatus(error);
    if (given === null || !status.includes(given)) throw error;
  }
}
