import { type Failure, failureOf } from "#engines/builder/failure.ts";
import { installsOf, MANIFESTS } from "#engines/builder/install/installs-of.ts";
import { lacksNetwork } from "#engines/builder/install/lacks-network.ts";
import type { Project } from "#engines/builder/project.ts";
import { type CommandResult, runCommand } from "#engines/builder/run-command.ts";
import { INSTALL_MS } from "#engines/builder/tunables.ts";
import type { StepContext } from "#engines/engine.ts";
import { sha256 } from "#platform/crypto.ts";

export interface Installed {
  /** what was installed, so that the same is not installed again; null: nothing, or not in full */
  mark: string | null;
  /** null: no way out of the workspace kept anything from being installed */
  noNetwork: string | null;
  failure: Failure | null;
}

/** Installs what the project needs, unless `before` says that it is there. What follows it fails on a missing package. */
export async function installPackages(
  project: Project,
  step: StepContext,
  before: string | null,
): Promise<Installed> {
  const installs = await installsOf(project);
  const done: Installed = { mark: null, noNetwork: null, failure: null };
  if (installs.length === 0) return done;
  const manifests = await Promise.all(MANIFESTS.map(async (path) => [path, await project.read(path)]));
  const mark = sha256(JSON.stringify([manifests, installs]));
  if (mark === before) return { ...done, mark };
  for (const [index, { label, argv }] of installs.entries()) {
    const options = { label, timeoutMs: INSTALL_MS };
    const name = `install-${index + 1}`;
    const result = await runCommand(project, step, name, argv, options);
    if (result.exitCode === 0) continue;
    const missing = await lacksNetwork(project, step, { name, said: result.tail });
    await sayFailed(project, step, label, result, missing);
    const failure = failureOf(result, missing ? project.words.noNetwork : result.trouble);
    return { ...done, noNetwork: missing ? label : null, failure };
  }
  return { ...done, mark };
}

async function sayFailed(
  project: Project,
  step: StepContext,
  label: string,
  result: CommandResult,
  missing: boolean,
): Promise<void> {
  const { words } = project;
  const last =
    result.tail
      .trim()
      .split("\n")
      .findLast((line) => /error/i.test(line)) ?? result.tail;
  const message = missing ? words.notRun(words.noNetwork) : (result.trouble ?? last.trim().slice(0, 500));
  await step.say({ type: "finding", tool: label, severity: missing ? "warning" : "error", message });
}
