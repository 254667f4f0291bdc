import { FINDINGS_TOLD, type Finding } from "#engines/builder/checks/finding.ts";
import { sayFindings } from "#engines/builder/checks/say-findings.ts";
import { TOOLS, type Tool } from "#engines/builder/checks/tools.ts";
import { checkLinks } from "#engines/builder/checks/web-links.ts";
import type { Failure } from "#engines/builder/failure.ts";
import { inProject } from "#engines/builder/in-project.ts";
import { needsPackages } from "#engines/builder/install/installs-of.ts";
import type { Project } from "#engines/builder/project.ts";
import { runCommand } from "#engines/builder/run-command.ts";
import type { StepContext } from "#engines/engine.ts";

export interface LookedOver {
  errors: number;
  warnings: number;
  /** of each tool that found errors: what it was called with, and its errors in words */
  failures: Failure[];
}

/**
 * What the ecosystems' own tools have to say of the project, as findings. A tool that is not here, or does not answer,
 * is said not to have run: it has passed nothing.
 */
export async function lookOver(project: Project, step: StepContext, installed: boolean): Promise<LookedOver> {
  const planned = project.plan.files.map(({ path }) => path);
  // npm writes its lockfile itself.
  const made = installed && needsPackages(await project.read("package.json")) ? ["package-lock.json"] : [];
  const paths = [...new Set([...planned, ...project.writtenPaths, ...made])];
  const asked = TOOLS.map((tool) => ({ tool, about: paths.filter((path) => tool.about.test(path)) }));
  const wanted = asked.filter(({ about }) => about.length > 0);
  const programs = await installedPrograms(
    project,
    step,
    wanted.map(({ tool }) => programOf(tool)),
  );
  const total: LookedOver = { errors: 0, warnings: 0, failures: [] };
  for (const { tool, about } of wanted) {
    if (tool.optional && !programs.has(programOf(tool))) continue;
    if (!programs.has(programOf(tool)))
      await sayNotRun(project, step, tool, project.words.notInstalled(programOf(tool)));
    else await runTool(project, step, tool, { about, all: project.paths }, total);
  }
  const links = await checkLinks(project, step);
  total.errors += links.length;
  if (links.length > 0) total.failures.push(failureOf("links", "1", links));
  return total;
}

async function runTool(
  project: Project,
  step: StepContext,
  tool: Tool,
  { about, all }: { about: string[]; all: string[] },
  total: LookedOver,
): Promise<void> {
  const argv = tool.argv(
    about.map((path) => `./${path}`),
    (name) => all.some((path) => name.test(path)),
  );
  const options = {
    label: `${tool.name}: ${about.length === 1 ? about[0] : about.length}`,
    quiet: true,
    done: tool.done,
    lacks: tool.lacks?.pattern,
  };
  const result = await runCommand(project, step, `tool-${tool.name}`, argv, options);
  const findings = tool.done.includes(result.exitCode ?? -1) ? tool.read(result.stdout, about) : null;
  if (findings === null) {
    const lacking = tool.lacks?.pattern.test(result.tail) ? project.words[tool.lacks.why] : null;
    return sayNotRun(project, step, tool, lacking ?? result.trouble ?? project.words.noAnswer);
  }
  await sayFindings(project, step, tool.name, findings);
  const errors = findings.filter(({ severity }) => severity === "error");
  total.errors += errors.length;
  total.warnings += findings.filter(({ severity }) => severity === "warning").length;
  if (errors.length > 0) total.failures.push(failureOf(tool.name, String(result.exitCode ?? "none"), errors));
}

async function sayNotRun(project: Project, step: StepContext, tool: Tool, why: string): Promise<void> {
  await step.say({ type: "finding", tool: tool.name, severity: "info", message: project.words.notRun(why) });
}

function failureOf(command: string, exit: string, errors: Finding[]): Failure {
  const lines = errors
    .slice(0, FINDINGS_TOLD)
    .map(({ path, line, message }) => `${path}:${line ?? 1}: ${message}`);
  return { command, exit, output: lines.join("\n") };
}

function programOf(tool: Tool): string {
  return tool.name.split(" ")[0] ?? tool.name;
}

/** Asked anew in each check: a project may bring its tools with it. */
async function installedPrograms(project: Project, step: StepContext, names: string[]): Promise<Set<string>> {
  const script = 'for name; do command -v "$name" >/dev/null && echo "$name"; done; exit 0';
  const spec = { argv: inProject(["sh", "-c", script, "sh", ...names]), timeoutMs: 20_000 };
  const { stdout } = await project.context.directory.run(
    step.processId("installed-tools"),
    spec,
    async () => {},
  );
  return new Set(stdout.split("\n"));
}
