import { AgentSettingsPage } from "#app/(desk)/agents/_form/agent-settings-page.tsx";

export default async function Page({ params }: { params: Promise<{ agentId: string }> }) {
  const { agentId } = await params;
  return <AgentSettingsPage agentId={agentId} />;
}
