import { lookup, Resolver } from "node:dns/promises";

/** All addresses of a name, IPv4 first. Rejects when there is none. */
export type Resolve = (host: string) => Promise<string[]>;

const TIMEOUT_MS = 3_000;

/** As this machine resolves, /etc/hosts and all. It waits in a thread that others need: only for names an operator chose. */
export const resolveAsHost: Resolve = async (host) =>
  (await lookup(host, { all: true, order: "ipv4first" })).map(({ address }) => address);

/** By DNS alone, without a thread: for names that users chose. */
export const resolveByDns: Resolve = async (host) => {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 2 });
  const [v4, v6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const found = [v4, v6].flatMap((each) => (each.status === "fulfilled" ? each.value : []));
  if (found.length > 0) return found;
  throw v4.status === "rejected" ? v4.reason : new Error(`${host} has no address`);
};
