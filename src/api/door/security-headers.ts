import type { IncomingMessage, ServerResponse } from "node:http";
import { newSecret } from "#platform/crypto.ts";

export interface SecurityOptions {
  /** hot reload evaluates code and opens sockets of its own */
  dev: boolean;
  https: boolean;
  gitHubOrigin: string;
}

/** The one page that posts a form elsewhere: the App's manifest to GitHub. */
const SETUP_PAGE = /^\/github\/setup\/?(\?|$)/;

// Sandboxed: what users' programs wrote is served below this address, and must never run as a page of ours.
const API_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'";

/**
 * Sets what browsers need to be told. Pages get a nonce for each request: Next finds it in the request's policy and
 * puts it on the scripts that it writes.
 */
export function setSecurityHeaders(
  request: IncomingMessage,
  response: ServerResponse,
  options: SecurityOptions,
): void {
  const url = request.url ?? "/";
  const formsTo = SETUP_PAGE.test(url) ? ["'self'", options.gitHubOrigin] : ["'self'"];
  const policy = url.startsWith("/api/v1/") ? API_POLICY : pagePolicy(newSecret(), options, formsTo);
  request.headers["content-security-policy"] = policy;
  response.setHeader("content-security-policy", policy);
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("x-frame-options", "DENY");
  // Not no-referrer: with that a browser says `Origin: null` where we must see our own.
  response.setHeader("referrer-policy", "same-origin");
  response.setHeader("cross-origin-opener-policy", "same-origin");
  response.setHeader("cross-origin-resource-policy", "same-origin");
  response.setHeader("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()");
  if (options.https) response.setHeader("strict-transport-security", "max-age=63072000; includeSubDomains");
}

function pagePolicy(nonce: string, { dev, https }: SecurityOptions, formsTo: string[]): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ""}`,
    // Charts, splitters and editors place things by style attributes, which no nonce can name.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self'${dev ? " ws:" : ""}`,
    "object-src 'none'",
    "base-uri 'self'",
    `form-action ${formsTo.join(" ")}`,
    "frame-ancestors 'none'",
    ...(https ? ["upgrade-insecure-requests"] : []),
  ].join("; ");
}
