import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AgentSettingsPage } from "#app/(desk)/agents/_form/agent-settings-page.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("agentSettings");
  return { title: t("title") };
}

export default async function Page({ params }: { params: Promise<{ agentId: string }> }) {
  const { agentId } = await params;
  return <AgentSettingsPage agentId={agentId} />;
}
