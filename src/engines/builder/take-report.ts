import { inProject, reportPath } from "#engines/builder/in-project.ts";
import type { Project } from "#engines/builder/project.ts";
import type { StepContext } from "#engines/engine.ts";

/** bytes; what is longer cannot be read and counts as no answer */
const REPORT_MOST = 8 * 1024 * 1024;

const TAKE = 'cat "$1" && rm -f "$1"';

/**
 * What the command `name` of this step has left for machines, taken away by a journalled process of its own, so that a
 * repeated step gets the same text. Empty: nothing is there.
 */
export async function takeReport(project: Project, step: StepContext, name: string): Promise<string> {
  const spec = {
    argv: inProject(["sh", "-c", TAKE, "sh", reportPath(step.processId(name))]),
    timeoutMs: 20_000,
    outputLimit: REPORT_MOST,
  };
  const id = step.processId(`${name}-report`);
  return (await project.context.directory.run(id, spec, async () => {})).stdout;
}
