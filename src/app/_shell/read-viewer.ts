import { cache } from "react";
import type { Identity } from "#accounts/authorise.ts";
import { signedInUser } from "#api/signed-in-user.ts";

/** Who looks at the page, asked once for each request; null: nobody is signed in. */
export const readViewer: () => Promise<Identity["user"] | null> = cache(
  async () => (await signedInUser())?.user ?? null,
);
