import ipaddr from "ipaddr.js";

const GLOBAL_V6: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse("2000::"), 3];

// Azure's platform, on every machine there: public by number alone.
const PLATFORMS = new Set(["168.63.129.16"]);

/**
 * Whether an address is one of the open internet. What carries another address inside (IPv4-mapped and -compatible,
 * NAT64, 6to4, Teredo) is not, whatever it carries; nor is anything that a registry reserves.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (PLATFORMS.has(parsed.toString())) return false;
  if (parsed.range() !== "unicast") return false;
  return parsed.kind() === "ipv4" || (parsed as ipaddr.IPv6).match(GLOBAL_V6);
}
