import type { IncomingHttpHeaders } from "node:http";
import { AppError } from "#platform/errors.ts";

export interface GuardOptions {
  mode: "embedded" | "production";
  /** where people find the application; its origin is the only one that pages of ours have */
  appUrl: URL;
}

export interface Asked {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
}

export type Verdict = { pass: true; dropCookie?: boolean } | { redirect: string };

/** Answered on both names of an embedded installation; everything else is a page. */
const NOT_PAGES = ["/api/", "/socket.io", "/_next/", "/healthz", "/readyz", "/metrics"];

/**
 * Whether a request or an upgrade may go on, before anything else looks at it. Embedded: only the machine's own names
 * count, so that a name on the internet that is made to point here (DNS rebinding) gets nothing; cookies count on
 * `localhost` alone, because 127.0.0.1 is where users' own pages live.
 * @throws AppError bad_request, forbidden
 */
export function guardRequest(options: GuardOptions, asked: Asked): Verdict {
  if (!asked.url.startsWith("/") || asked.url.startsWith("//")) {
    throw new AppError("bad_request", "Ask for a path.");
  }
  checkEncoding(asked.url);
  checkOrigin(options, asked);
  if (options.mode === "production") return { pass: true };
  const { host } = asked.headers;
  if (host === options.appUrl.host) return { pass: true };
  if (host !== addressHost(options.appUrl)) {
    throw new AppError("forbidden", `This is not ${options.appUrl.host}: the request names another host.`);
  }
  const isPage = !NOT_PAGES.some((prefix) => asked.url.startsWith(prefix));
  if (isPage && (asked.method === "GET" || asked.method === "HEAD")) {
    return { redirect: options.appUrl.origin + asked.url };
  }
  return { pass: true, dropCookie: true };
}

// Whoever parses it later would put U+FFFD in place of what is not UTF-8, and go on with another name.
function checkEncoding(url: string): void {
  try {
    decodeURIComponent(url);
  } catch (error) {
    throw new AppError("bad_request", "The address is not valid UTF-8, percent-encoded.", { cause: error });
  }
}

function addressHost(appUrl: URL): string {
  const url = new URL(appUrl.origin);
  url.hostname = "127.0.0.1";
  return url.host;
}

const SAFE = ["GET", "HEAD", "OPTIONS"];

// Browsers say where an unsafe request comes from. A token is sent only by who has it; a cookie goes along by itself.
function checkOrigin({ mode, appUrl }: GuardOptions, { method, url, headers }: Asked): void {
  const { origin } = headers;
  const isForeign = origin !== undefined && origin !== appUrl.origin;
  const isSocket = url.startsWith("/socket.io/");
  if (isForeign && (mode === "embedded" || isSocket || headers.upgrade !== undefined)) throw foreign(origin);
  // A program may hold a socket by its cookie and say no origin: only who opened the socket knows its id.
  if (isSocket) return;
  if (SAFE.includes(method) || !headers.cookie) return;
  if (url.startsWith("/api/v1/") && headers.authorization) return;
  const isOwn = origin === undefined ? headers["sec-fetch-site"] === "same-origin" : !isForeign;
  if (!isOwn) throw foreign(origin);
}

function foreign(origin: string | undefined): AppError {
  return new AppError(
    "forbidden",
    origin === undefined
      ? "A request with a cookie must say that it comes from here (Origin)."
      : `Requests from ${origin} are not allowed.`,
  );
}
