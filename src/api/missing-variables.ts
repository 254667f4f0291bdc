import type { WebEnv } from "#platform/env.ts";

const BILLING = ["STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"] as const;

/** What of the outside parties' settings is not set, by party. The GitHub App may come from elsewhere: ask it. */
export function missingVariables(env: WebEnv): { billing: string[] } {
  return { billing: BILLING.filter((name) => !env[name]) };
}
