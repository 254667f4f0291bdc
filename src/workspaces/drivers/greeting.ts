import { randomBytes } from "node:crypto";
import type { LinkRole } from "#workspaces/driver.ts";

/** The variable of the supervisor that holds its key. No agent can read it where agents are kept apart. */
export const KEY_VARIABLE = "CARREL_LINK_KEY";

/** Of one sandbox: whoever knows it is the platform, not users' code that found the socket. */
export function newLinkKey(): string {
  return randomBytes(32).toString("hex");
}

/** What is said first on a new connection. The key is empty for a workspace of an older platform, which knows none. */
export function greeting(role: LinkRole, key: string): string {
  return `${role}${key}`;
}
