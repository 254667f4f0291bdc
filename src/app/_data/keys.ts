/** The names under which answers are kept in the browser. */
export const keys = {
  me: ["me"] as const,
  limits: ["limits"] as const,
  models: ["models"] as const,
  workspace: ["workspace"] as const,
  tokens: ["tokens"] as const,
  agents: ["agents"] as const,
  usage: (groupBy: string, from: string, to: string) => ["usage", groupBy, from, to] as const,
  allUsage: ["usage"] as const,
  messages: (agentId: string) => ["messages", agentId] as const,
  runs: (agentId: string) => ["runs", agentId] as const,
  run: (runId: string) => ["run", runId] as const,
  diff: (runId: string, treeHash: string) => ["diff", runId, treeHash] as const,
  versions: (agentId: string) => ["versions", agentId] as const,
  files: (agentId: string) => ["files", agentId] as const,
  directory: (agentId: string, path: string) => ["files", agentId, "directory", path] as const,
  file: (agentId: string, path: string) => ["files", agentId, "content", path] as const,
};
