import { watch } from "node:fs";
import { fileURLToPath } from "node:url";

const SOURCES = fileURLToPath(new URL("..", import.meta.url));
/** Next replaces these in the browser by itself. */
const PAGES = /^(app|ui|[^/]+\/ui)\//;
const QUIET_MS = 300;

/** Calls `restart` after the sources of the servers were changed. For `npm run dev`. */
export function restartOnChange(restart: () => void): void {
  let timer: NodeJS.Timeout | undefined;
  watch(SOURCES, { recursive: true }, (_event, file) => {
    if (file === null || !file.endsWith(".ts") || PAGES.test(file)) return;
    clearTimeout(timer);
    timer = setTimeout(restart, QUIET_MS);
  });
}
