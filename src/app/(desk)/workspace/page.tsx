import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { WorkspacePage } from "#app/(desk)/workspace/workspace-page.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("workspace");
  return { title: t("title") };
}

export default function Page() {
  return <WorkspacePage />;
}
