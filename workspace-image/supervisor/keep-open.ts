import { chmodSync, closeSync, constants, lstatSync, mkdirSync, openSync, rmSync, type Stats } from "node:fs";

// Linux's O_PATH, which Node does not name: a handle on the place alone, no right to its content needed.
const PLACE = 0o10000000 | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * Opens a directory of ours that users' code has closed by its mode: else nothing could be done in there again, not
 * even opening it. One that is not there, or is no directory, is left to whoever uses it.
 */
export function keepOpen(place: string): void {
  const found = look(place);
  if (!found?.isDirectory() || (found.mode & 0o700) === 0o700) return;
  const handle = openSync(place, PLACE);
  try {
    // By the handle: a link that takes its place meanwhile is not followed.
    chmodSync(`/proc/self/fd/${handle}`, (found.mode & 0o777) | 0o700);
  } finally {
    closeSync(handle);
  }
}

/** Makes a directory of ours below one that is there, also where users' code has put something else, or has closed it. */
export function provideDirectory(root: string, ...parts: string[]): void {
  let place = root;
  for (const part of parts) {
    place = `${place}/${part}`;
    const found = look(place);
    if (found && !found.isDirectory()) rmSync(place, { force: true });
    mkdirSync(place, { recursive: true });
    keepOpen(place);
  }
}

function look(place: string): Stats | undefined {
  return lstatSync(place, { throwIfNoEntry: false });
}
