import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/**
 * The agents' own command lines, exactly pinned. Together they weigh more than a gigabyte, too much for every checkout's
 * devDependencies: `node test/support/agent-clis.ts` installs them into node_modules/.cache, as CI does.
 */
export const AGENT_CLIS = {
  "claude-code": { package: "@anthropic-ai/claude-code", version: "2.1.328", command: "claude" },
  codex: { package: "@openai/codex", version: "0.169.0", command: "codex" },
  opencode: { package: "opencode-ai", version: "1.18.33", command: "opencode" },
} as const;
export type AgentCli = keyof typeof AGENT_CLIS;

const CACHE = path.resolve("node_modules/.cache/carrel-agent-clis");

/** Where its command is, or null when it is not installed. */
export function findAgentCli(name: AgentCli): string | null {
  const command = path.join(CACHE, name, "node_modules/.bin", AGENT_CLIS[name].command);
  return existsSync(command) ? command : null;
}

async function install(name: AgentCli): Promise<void> {
  if (findAgentCli(name)) return;
  const { package: wanted, version } = AGENT_CLIS[name];
  const directory = path.join(CACHE, name);
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, "package.json"), "{}");
  console.log(`installing ${wanted} ${version}`);
  const options = ["install", "--no-audit", "--no-fund", "--loglevel=error", `${wanted}@${version}`];
  await promisify(execFile)("npm", options, { cwd: directory });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of Object.keys(AGENT_CLIS) as AgentCli[]) await install(name);
}
