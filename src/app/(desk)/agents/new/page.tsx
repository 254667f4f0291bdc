import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { NewAgentPage } from "#app/(desk)/agents/_form/new-agent-page.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("newAgent");
  return { title: t("title") };
}

export default function Page() {
  return <NewAgentPage />;
}
