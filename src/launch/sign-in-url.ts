import { createSignInCode } from "#accounts/local-sign-in.ts";
import type { Database } from "#platform/db.ts";

/** A link that signs the local user of an embedded installation in, once. */
export async function signInUrl(db: Database, webUrl: string): Promise<string> {
  return `${new URL(webUrl).origin}/sign-in/local?code=${await createSignInCode(db)}`;
}
