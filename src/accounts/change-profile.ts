import type { Identity } from "#accounts/authorise.ts";
import { knownZone } from "#accounts/known-zone.ts";
import type { Database } from "#platform/db.ts";

/** Changes the fields that are given; null takes a setting back. */
export async function changeProfile(
  db: Database,
  userId: string,
  change: Partial<Pick<Identity["user"], "name" | "locale" | "timeZone">>,
): Promise<Identity["user"]> {
  const user = await db.prisma.user.update({
    where: { id: userId },
    data: { name: change.name, locale: change.locale, timeZone: change.timeZone },
  });
  const { email, name, tier, timeZone } = user;
  return {
    email,
    name,
    tier,
    timeZone: knownZone(timeZone),
    locale: user.locale as Identity["user"]["locale"],
  };
}
