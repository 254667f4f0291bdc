import type { WebEnv } from "#platform/env.ts";

const GITHUB = [
  "GITHUB_APP_ID",
  "GITHUB_APP_PRIVATE_KEY",
  "GITHUB_APP_CLIENT_ID",
  "GITHUB_APP_CLIENT_SECRET",
  "GITHUB_APP_WEBHOOK_SECRET",
] as const;

const BILLING = ["STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"] as const;

/** What of the outside parties' settings is not set, by party. */
export function missingVariables(env: WebEnv): { github: string[]; billing: string[] } {
  return {
    github: GITHUB.filter((name) => !env[name]),
    billing: BILLING.filter((name) => !env[name]),
  };
}
