import { inProject } from "#engines/builder/in-project.ts";
import type { Project } from "#engines/builder/project.ts";
import type { StepContext } from "#engines/engine.ts";

// How npm says that nobody answered, or that the workspace may not ask.
const SAID =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|E403|E50[234])\b|NewConnectionError|ReadTimeoutError|\b(403|50[234]) (Forbidden|Bad Gateway|Service Unavailable|Gateway Time-?out)/i;

// pip keeps to itself how its index answered, and says only that there is no such package: so the index is asked. A
// workspace always names one (the runner's, on its loopback); where a project took it away there is nobody to ask.
const ASK = `const index = process.env.PIP_INDEX_URL;
if (index) fetch(new URL("pip/", index.endsWith("/") ? index : index + "/")).then(
  ({ status }) => process.exit(status === 403 || status >= 500 ? 1 : 0),
  () => process.exit(1),
);`;

/** Whether what failed to install, saying this, failed for want of a way out of the workspace. */
export async function lacksNetwork(
  project: Project,
  step: StepContext,
  { name, said }: { name: string; said: string },
): Promise<boolean> {
  if (SAID.test(said)) return true;
  const spec = { argv: inProject(["node", "-e", ASK]), timeoutMs: 30_000 };
  const asked = await project.context.directory.run(step.processId(`${name}-network`), spec, async () => {});
  return asked.exitCode !== 0;
}
