import { VersionsPage } from "#app/(desk)/agents/[agentId]/versions/versions-page.tsx";

export default async function Page({ params }: { params: Promise<{ agentId: string }> }) {
  const { agentId } = await params;
  return <VersionsPage agentId={agentId} />;
}
