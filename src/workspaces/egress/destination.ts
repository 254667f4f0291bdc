import ipaddr from "ipaddr.js";
import { AppError } from "#platform/errors.ts";

/** Where a connection shall go, in its one canonical spelling. */
export interface Destination {
  /** a name in ASCII without a dot at its end, or an address as ipaddr.js writes it */
  host: string;
  isAddress: boolean;
  port: number;
}

// Nothing that a parser of URLs takes for a user, a path, a query, an escape or a space.
const FORBIDDEN = /[\s\p{Cc}\p{Cf}@/?#\\%<>^|`{}]/u;
const NAME =
  /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/**
 * `host:port`, strictly. The host is read as the URL standard reads it (IDN, letters' case, an IPv4 address as one
 * number, in octal or in hexadecimal), so that whatever was written, the same thing is checked and connected to.
 * @throws AppError bad_request
 */
export function parseDestination(authority: string): Destination {
  const match = /^(\[[^\]]*\]|[^:[\]]+):([1-9]\d{0,4})$/.exec(authority);
  const port = Number(match?.[2]);
  if (!match || port > 65_535) throw malformed(authority);
  return { ...parseHost(match[1] as string), port };
}

/** @throws AppError bad_request */
export function parseHost(written: string): { host: string; isAddress: boolean } {
  if (FORBIDDEN.test(written) || !URL.canParse(`http://${written}/`)) throw malformed(written);
  const read = new URL(`http://${written}/`).hostname;
  const bare = read.startsWith("[") ? read.slice(1, -1) : read;
  if (ipaddr.isValid(bare)) return { host: ipaddr.parse(bare).toString(), isAddress: true };
  const name = bare.endsWith(".") ? bare.slice(0, -1) : bare;
  if (!NAME.test(name)) throw malformed(written);
  return { host: name, isAddress: false };
}

export function writeDestination({ host, port }: Pick<Destination, "host" | "port">): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function malformed(written: string): AppError {
  return new AppError("bad_request", `${JSON.stringify(written.slice(0, 300))} is not a host and a port.`);
}
