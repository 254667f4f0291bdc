import { type Failure, failureOf } from "#engines/builder/failure.ts";
import { type Install, installsOf, MANIFESTS } from "#engines/builder/install/installs-of.ts";
import { lacksNetwork } from "#engines/builder/install/lacks-network.ts";
import type { Project } from "#engines/builder/project.ts";
import { restoreFiles } from "#engines/builder/restore-files.ts";
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

const NOTHING: Installed = { mark: null, noNetwork: null, failure: null };

/**
 * Installs what the project needs as a step of its own, before anything asks for it: the project's own formatter, its
 * tools, its tests. `time` names the step, `before` is what is there already; where that is all there is no step. null:
 * the check of that time began before there was such a step, and installs by itself.
 */
export async function installPackages(
  project: Project,
  time: number,
  before: string | null,
): Promise<Installed | null> {
  const { context, words } = project;
  if (context.begun(`check:${time}`) && !context.begun(`install:${time}`)) return null;
  const wanted = await wantedBy(project);
  if (!wanted) return NOTHING;
  if (wanted.mark === before) return { ...NOTHING, mark: before };
  return context.step(`install:${time}`, words.install, async (step) => {
    await restoreFiles(project);
    return installAll(project, step, wanted);
  });
}

/** The same within a check, where installing has no step of its own. */
export async function installInCheck(
  project: Project,
  step: StepContext,
  before: string | null,
): Promise<Installed> {
  const wanted = await wantedBy(project);
  if (!wanted) return NOTHING;
  return wanted.mark === before ? { ...NOTHING, mark: before } : installAll(project, step, wanted);
}

interface Wanted {
  installs: Install[];
  /** of this very set */
  mark: string;
}

async function wantedBy(project: Project): Promise<Wanted | null> {
  const installs = await installsOf(project);
  if (installs.length === 0) return null;
  const manifests = await Promise.all(MANIFESTS.map(async (path) => [path, await project.read(path)]));
  return { installs, mark: sha256(JSON.stringify([manifests, installs])) };
}

/** What follows it fails on a missing package. */
async function installAll(
  project: Project,
  step: StepContext,
  { installs, mark }: Wanted,
): Promise<Installed> {
  for (const [index, { label, argv }] of installs.entries()) {
    const options = { label, timeoutMs: INSTALL_MS };
    const name = `install-${index + 1}`;
    const result = await runCommand(project, step, name, argv, options);
    if (result.exitCode === 0) continue;
    const missing = await lacksNetwork(project, step, { name, said: result.tail });
    await sayFailed(project, step, label, result, missing);
    const failure = failureOf(result, missing ? project.words.noNetwork : result.trouble);
    return { mark: null, noNetwork: missing ? label : null, failure };
  }
  return { ...NOTHING, mark };
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
