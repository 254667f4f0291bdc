import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { VersionsPage } from "#app/(desk)/agents/[agentId]/versions/versions-page.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("versions");
  return { title: t("title") };
}

export default async function Page({ params }: { params: Promise<{ agentId: string }> }) {
  const { agentId } = await params;
  return <VersionsPage agentId={agentId} />;
}
