import type { IncomingMessage } from "node:http";

/**
 * Who asks, by network address. In production a proxy on a private address is believed about the last hop that it
 * names; from anywhere else X-Forwarded-For is only a claim.
 */
export function clientAddress(request: IncomingMessage, mode: "embedded" | "production"): string {
  const peer = request.socket.remoteAddress ?? "unknown";
  if (mode === "embedded" || !isPrivate(peer)) return peer;
  const forwarded = String(request.headers["x-forwarded-for"] ?? "");
  return forwarded.split(",").at(-1)?.trim() || peer;
}

const PRIVATE = /^(::ffff:)?(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)|^::1$|^f[cd]/i;

function isPrivate(address: string): boolean {
  return PRIVATE.test(address);
}
