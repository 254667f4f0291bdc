import { isAppError } from "#platform/errors.ts";

/** Ends with exit code 1 and says why: in one line where the fault is the machine's or the caller's, with a stack where it is ours. */
export function tellError(error: unknown): void {
  process.exitCode = 1;
  if (isAppError(error)) console.error(error.message);
  else if (isSystemError(error))
    console.error(`${error.message}${error.path ? "" : " (in the data directory)"}`);
  else console.error(error);
}

/** A full or broken disk, a missing right: what the kernel refused. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "code" in error;
}
