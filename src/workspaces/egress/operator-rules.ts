import { networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";
import { type HostPattern, parsePattern } from "#workspaces/egress/allow-list.ts";
import type { EgressRules } from "#workspaces/egress/decide.ts";
import { parseDestination, writeDestination } from "#workspaces/egress/destination.ts";
import type { Registries } from "#workspaces/egress/read-registries.ts";

/** GitHub as git and its downloads need it. */
const GIT_HOSTS = [
  "github.com",
  "codeload.github.com",
  "objects.githubusercontent.com",
  "raw.githubusercontent.com",
];

export interface OperatorSettings {
  allow: string[];
  userAllow: string[];
  allowPrivate: string[];
}

/** @throws AppError bad_request for an entry that is none */
export function operatorRules(settings: OperatorSettings, registries: Registries): EgressRules {
  const named = [registries.npm, registries.pypi].filter((url) => url !== null);
  const builtIn = GIT_HOSTS.map((host) => `${host}:443`);
  return {
    allow: [...unique(named.map(patternOf), [...builtIn, ...settings.allow].map(parsePattern))],
    userAllow: settings.userAllow.map(parsePattern),
    private: new Set(settings.allowPrivate.map((each) => writeDestination(parseDestination(each)))),
    own: () => new Set(ownAddresses()),
  };
}

/** The port that a URL means, said or not. */
export function portOf(url: URL): number {
  if (url.port !== "") return Number(url.port);
  return url.protocol === "https:" ? 443 : 80;
}

/** The very host and port of a URL. */
export function patternOf(url: URL): HostPattern {
  const { host, port } = parseDestination(`${url.hostname}:${portOf(url)}`);
  return { host, ports: [port] };
}

function unique(...lists: HostPattern[][]): HostPattern[] {
  const seen = new Map(lists.flat().map((pattern) => [JSON.stringify(pattern), pattern]));
  return [...seen.values()];
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((each) =>
    (each ?? []).map(({ address }) => ipaddr.parse(address.replace(/%.*/, "")).toString()),
  );
}
