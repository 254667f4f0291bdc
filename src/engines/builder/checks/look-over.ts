import { FINDINGS_TOLD, type Finding } from "#engines/builder/checks/finding.ts";
import { TOOLS, type Tool } from "#engines/builder/checks/tools.ts";
import type { Project } from "#engines/builder/project.ts";
import { type CommandResult, runCommand } from "#engines/builder/run-command.ts";
import type { StepContext } from "#engines/engine.ts";

export interface LookedOver {
  errors: number;
  warnings: number;
  /** of each tool that found errors: what it was called with, and its errors in words */
  failures: { command: string; exit: string; output: string }[];
}

/**
 * What the ecosystems' own tools have to say of the project, as findings. A tool that is not here, or does not answer,
 * is said not to have run: it has passed nothing.
 */
export async function lookOver(project: Project, step: StepContext): Promise<LookedOver> {
  const paths = [...new Set([...project.plan.files.map(({ path }) => path), ...project.writtenPaths])];
  const asked = TOOLS.map((tool) => ({ tool, about: paths.filter((path) => tool.about.test(path)) }));
  const wanted = asked.filter(({ about }) => about.length > 0);
  const installed = await installedPrograms(
    project,
    step,
    wanted.map(({ tool }) => programOf(tool)),
  );
  const total: LookedOver = { errors: 0, warnings: 0, failures: [] };
  for (const { tool, about } of wanted) {
    if (!installed.has(programOf(tool)))
      await sayNotRun(project, step, tool, project.words.notInstalled(programOf(tool)));
    else await runTool(project, step, tool, { about, all: project.paths }, total);
  }
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
  };
  const result = await runCommand(project, step, `tool-${tool.name}`, argv, options);
  const findings = tool.done.includes(result.exitCode ?? -1) ? tool.read(result.stdout, about) : null;
  if (findings === null) return sayNotRun(project, step, tool, result.trouble ?? project.words.noAnswer);
  await sayFindings(project, step, tool, findings);
  const errors = findings.filter(({ severity }) => severity === "error");
  total.errors += errors.length;
  total.warnings += findings.filter(({ severity }) => severity === "warning").length;
  if (errors.length > 0) total.failures.push(failureOf(tool, result, errors));
}

async function sayFindings(
  project: Project,
  step: StepContext,
  tool: Tool,
  findings: Finding[],
): Promise<void> {
  for (const finding of findings.slice(0, FINDINGS_TOLD))
    await step.say({ type: "finding", tool: tool.name, ...finding });
  const more = findings.length - FINDINGS_TOLD;
  if (more > 0)
    await step.say({
      type: "finding",
      tool: tool.name,
      severity: "info",
      message: project.words.moreFindings(more),
    });
}

async function sayNotRun(project: Project, step: StepContext, tool: Tool, why: string): Promise<void> {
  await step.say({ type: "finding", tool: tool.name, severity: "info", message: project.words.notRun(why) });
}

function failureOf(tool: Tool, result: CommandResult, errors: Finding[]): LookedOver["failures"][number] {
  const lines = errors
    .slice(0, FINDINGS_TOLD)
    .map(({ path, line, message }) => `${path}:${line ?? 1}: ${message}`);
  return { command: tool.name, exit: String(result.exitCode ?? "none"), output: lines.join("\n") };
}

function programOf(tool: Tool): string {
  return tool.name.split(" ")[0] ?? tool.name;
}

/** Asked anew in each check: a project may bring its tools with it. */
async function installedPrograms(project: Project, step: StepContext, names: string[]): Promise<Set<string>> {
  const script = 'for name; do command -v "$name" >/dev/null && echo "$name"; done; exit 0';
  const spec = { argv: ["sh", "-c", script, "sh", ...names], timeoutMs: 10_000 };
  const { stdout } = await project.context.directory.run(
    step.processId("installed-tools"),
    spec,
    async () => {},
  );
  return new Set(stdout.split("\n"));
}
