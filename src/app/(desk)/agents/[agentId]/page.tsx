import { AgentPage } from "#app/(desk)/agents/[agentId]/agent-page.tsx";

export default async function Page({ params }: { params: Promise<{ agentId: string }> }) {
  const { agentId } = await params;
  return <AgentPage key={agentId} agentId={agentId} />;
}
