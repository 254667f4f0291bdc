import ipaddr from "ipaddr.js";
import { AppError } from "#platform/errors.ts";
import { type Destination, parseDestination, parseHost } from "#workspaces/egress/destination.ts";

/** What a list of hosts lets through. A pattern without a port means the web's own. */
export interface HostPattern {
  /** a name or an address; `*.example.org` is every name below it; `*` is every host */
  host: string;
  /** null: any */
  ports: readonly number[] | null;
}

const WEB_PORTS = [443, 80] as const;

/** `host`, `host:port`, `*.host`, `*`, with `:*` for any port. @throws AppError bad_request with what would be right */
export function parsePattern(written: string): HostPattern {
  const anyPort = written.endsWith(":*");
  const text = anyPort ? written.slice(0, -2) : written;
  const wild = /^(\*\.|\*(?=:|$))/.exec(text)?.[0] ?? "";
  try {
    const { host, ports } = parseRest(text.slice(wild.length), wild);
    return { host, ports: anyPort ? null : ports };
  } catch (cause) {
    const example = "host, host:port, or *.host, such as packages.example.org:443";
    throw new AppError("bad_request", `${JSON.stringify(written.slice(0, 300))} should be ${example}.`, {
      cause,
    });
  }
}

function parseRest(rest: string, wild: string): HostPattern {
  if (wild === "*") {
    if (rest === "") return { host: "*", ports: WEB_PORTS };
    return { host: "*", ports: [parseDestination(`any${rest}`).port] };
  }
  const withPort = /^(\[[^\]]*\]|[^:[\]]+):[^:]*$/.test(rest);
  const read = withPort ? parseDestination(rest) : { ...parseHost(rest), port: null };
  if (wild !== "" && read.isAddress) throw new AppError("bad_request", "Nothing is below an address.");
  return { host: `${wild}${read.host}`, ports: read.port === null ? WEB_PORTS : [read.port] };
}

export function writePattern({ host, ports }: HostPattern): string {
  const bracketed = host.includes(":") ? `[${host}]` : host;
  if (ports === null) return `${bracketed}:*`;
  return ports.length === 1 ? `${bracketed}:${ports[0]}` : bracketed;
}

export function isListed(list: readonly HostPattern[], destination: Destination): boolean {
  return list.some(
    ({ host, ports }) =>
      (ports === null || ports.includes(destination.port)) &&
      covers(host, destination.host, destination.isAddress),
  );
}

/** Whether every destination that `inner` means is one that the list means. */
export function isWithin(list: readonly HostPattern[], inner: HostPattern): boolean {
  const isAddress = ipaddr.isValid(inner.host);
  return list.some(
    ({ host, ports }) =>
      (ports === null || (inner.ports?.every((port) => ports.includes(port)) ?? false)) &&
      covers(host, inner.host, isAddress),
  );
}

function covers(pattern: string, host: string, isAddress: boolean): boolean {
  if (pattern === "*") return true;
  if (pattern.startsWith("*."))
    return !isAddress && host.endsWith(pattern.slice(1)) && host !== pattern.slice(2);
  return pattern === host;
}
