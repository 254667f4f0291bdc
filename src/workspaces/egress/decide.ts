import { type HostPattern, isListed } from "#workspaces/egress/allow-list.ts";
import { type Destination, writeDestination } from "#workspaces/egress/destination.ts";
import { isPublicAddress } from "#workspaces/egress/public-address.ts";

/** What the operator lets through, for every workspace of this runner. */
export interface EgressRules {
  /** always on the list: registries, git hosts, and EGRESS_ALLOW */
  allow: readonly HostPattern[];
  /** what users may add to their own lists */
  userAllow: readonly HostPattern[];
  /** host:port that may lead to an address that is not public */
  private: ReadonlySet<string>;
  /** this host's own addresses at this moment: what listens there was not put up for workspaces */
  own(): ReadonlySet<string>;
}

/** What a user chose for the own workspace. */
export interface EgressPolicy {
  enabled: boolean;
  allow: readonly HostPattern[];
}

export type Refusal = { code: "switched_off" | "not_listed" | "not_public"; message: string };

/** Whether the lists let a workspace go there; null: they do. Pure. */
export function refuseDestination(rules: EgressRules, policy: EgressPolicy, to: Destination): Refusal | null {
  const name = writeDestination(to);
  if (!policy.enabled) return switchedOff(name);
  // An address that nobody may be led to is not one to be added to a list.
  const spoiled = to.isAddress ? refuseAddresses(rules, to, [to.host]) : null;
  if (spoiled) return spoiled;
  // What an operator has withdrawn from users since is no longer theirs.
  const chosen = isListed(rules.userAllow, to) && isListed(policy.allow, to);
  if (chosen || isListed(rules.allow, to)) return null;
  const message = isListed(rules.userAllow, to)
    ? `${name} was refused: it is not on the allow-list of this workspace; its owner can add it (Workspace > Network)`
    : `${name} was refused: only the operator can allow it (EGRESS_ALLOW, EGRESS_USER_ALLOW)`;
  return { code: "not_listed", message };
}

export function switchedOff(name: string): Refusal {
  const message = `${name} was refused: the network of this workspace is switched off (Workspace > Network)`;
  return { code: "switched_off", message };
}

/** Whether what a name led to may be connected to: one address that is not public spoils them all. Pure. */
export function refuseAddresses(
  rules: EgressRules,
  to: Destination,
  addresses: readonly string[],
): Refusal | null {
  const name = writeDestination(to);
  if (rules.private.has(name)) return null;
  const own = rules.own();
  if (addresses.every((address) => isPublicAddress(address) && !own.has(address))) return null;
  const message = `${name} was refused: it leads to an address that is not public; only the operator can allow it (EGRESS_ALLOW_PRIVATE=${name})`;
  return { code: "not_public", message };
}
