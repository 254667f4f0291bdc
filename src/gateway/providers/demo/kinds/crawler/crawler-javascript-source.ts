export const javascriptSource =
  (): string => `// Pages from a folder, or from a server of this machine. Nothing else is ever asked.

import { readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { say } from "./messages.js";

const LOCAL = ["127.0.0.1", "localhost", "[::1]"];

/** The start is no place of this machine. The message is meant for the person. */
export class NotLocal extends Error {}

const isFolder = (path‹: string›)‹: boolean› => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** The address of the first page. Throws NotLocal. */
export function firstAddress(start‹: string›)‹: string› {
  if (/^https?:/.test(start)) {
    const url = URL.canParse(start) ? new URL(start) : null;
    if (url?.protocol === "http:" && LOCAL.includes(url.hostname)) return url.href;
  } else if (isFolder(start)) {
    return pathToFileURL(join(realpathSync(start), "index.html")).href;
  }
  throw new NotLocal(say("not_local", { start }));
}

/** What every address of the site begins with. */
export function rootOf(first‹: string›)‹: string› {
  return new URL(first.startsWith("file:") ? "." : "/", first).href;
}

/** The text of a page; null when it is not there, empty when it is no HTML. */
export async function fetchPage(address‹: string›, root‹: string›)‹: Promise<string | null>› {
  try {
    return address.startsWith("file:") ? readPage(address, root) : await askPage(address);
  } catch {
    return null;
  }
}

function readPage(address‹: string›, root‹: string›)‹: string | null› {
  // Links of the file system stay inside the folder, too.
  const path‹: string› = realpathSync(fileURLToPath(address));
  if (!pathToFileURL(path).href.startsWith(root) || isFolder(path)) return null;
  return /\\.html?$/.test(path) ? readFileSync(path, "utf8") : "";
}

async function askPage(address‹: string›)‹: Promise<string | null>› {
  // A server of this machine could lead elsewhere: where it points is not followed.
  const response = await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(10_000) });
  if (!response.ok) return null;
  return response.headers.get("content-type")?.startsWith("text/html") ? response.text() : "";
}
`;
