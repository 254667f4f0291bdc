import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Dashboard } from "#app/(desk)/_dashboard/dashboard.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("shell");
  return { title: t("dashboard") };
}

export default function Page() {
  return <Dashboard />;
}
