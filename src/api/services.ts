import type { AuthOptions } from "next-auth";
import type { Identity } from "#accounts/authorise.ts";
import type { Api } from "#api/create-api.ts";
import type { Database } from "#platform/db.ts";
import type { Logger } from "#platform/log.ts";

/**
 * The live objects of the web process, for route handlers and server components. Next bundles its own copies of
 * modules, so they travel through the one thing that both sides share.
 */
export interface WebServices {
  readonly db: Database;
  readonly mode: "embedded" | "production";
  readonly log: Logger;
  readonly api: Api;
  readonly authOptions: AuthOptions;
  /** GET /sign-in/local: takes the code, answers with a redirect */
  signInLocally(request: Request): Promise<Response>;
  /** GET /github/connect, /github/callback and /github/setup/callback: a browser's ways to GitHub and back */
  connectGitHub(request: Request): Promise<Response>;
  finishConnectingGitHub(request: Request): Promise<Response>;
  finishGitHubSetup(request: Request): Promise<Response>;
  /** POST /api/webhooks/github */
  receiveGitHub(request: Request): Promise<Response>;
  /** @returns null when not signed in */
  readIdentity(headers: Headers): Promise<Identity | null>;
}

const KEY = Symbol.for("carrel.web");
const holder = globalThis as { [KEY]?: WebServices };

export function provideServices(services: WebServices): void {
  holder[KEY] = services;
}

export function services(): WebServices {
  const provided = holder[KEY];
  if (!provided) throw new Error("src/web.ts has not provided its services");
  return provided;
}
