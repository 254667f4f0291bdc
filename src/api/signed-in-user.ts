import { headers } from "next/headers";
import type { Identity } from "#accounts/authorise.ts";
import { services } from "#api/services.ts";

/** For server components: who is signed in, by the request's cookie; null: nobody. */
export async function signedInUser(): Promise<Identity | null> {
  return services().readIdentity(await headers());
}
