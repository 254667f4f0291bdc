import type { FormatterName } from "#engines/builder/existing/conventions.ts";
import { existingWords } from "#engines/builder/existing/existing-words.ts";
import type { Project } from "#engines/builder/project.ts";
import { runCommand } from "#engines/builder/run-command.ts";
import { FILE_MOST } from "#engines/builder/tunables.ts";
import type { StepContext } from "#engines/engine.ts";
import { isAppError } from "#platform/errors.ts";
import { lineChanges } from "#snapshots/line-changes.ts";

const FORMATTERS: Record<FormatterName, { about: RegExp; argv: string[] }> = {
  prettier: {
    about: /\.([cm]?[jt]sx?|json|s?css|html|md|ya?ml|vue)$/,
    argv: ["--write", "--log-level", "warn", "--"],
  },
  biome: { about: /\.([cm]?[jt]sx?|jsonc?|css)$/, argv: ["format", "--write", "--no-errors-on-unmatched"] },
  black: { about: /\.pyi?$/, argv: ["-q", "--"] },
  ruff: { about: /\.pyi?$/, argv: ["format", "-q", "--"] },
};

// The project's own comes first, as its own scripts would find it.
const RUN = `PATH="$PWD/node_modules/.bin:$PWD/.venv/bin:$PATH"; command -v "$1" >/dev/null || exit 127; exec "$@"`;
const NOT_INSTALLED = 127;

/** Gives what was written to the project's own formatter, where it has configured one. `time` names the step. */
export async function formatFiles(project: Project, time: number): Promise<void> {
  const { context, plan, background } = project;
  const formatter = background.conventions.formatter?.name;
  if (!formatter) return;
  const paths = project.writtenPaths.filter((path) => FORMATTERS[formatter].about.test(path)).sort();
  if (paths.length === 0) return;
  const title = existingWords(plan.language).format(formatter);
  const { changed } = await context.step(`format:${time}`, title, async (step) => {
    const argv = [formatter, ...FORMATTERS[formatter].argv, ...paths.map((path) => `./${path}`)];
    const label = `${formatter}: ${paths.length === 1 ? paths[0] : paths.length}`;
    const command = ["sh", "-c", RUN, "sh", ...argv];
    const { exitCode } = await runCommand(project, step, "format", command, { label, quiet: true });
    if (exitCode === NOT_INSTALLED) await sayNotInstalled(project, step, formatter);
    return { changed: exitCode === NOT_INSTALLED ? [] : await readChanged(project, step, paths) };
  });
  for (const { path, content } of changed) project.setWritten(path, content);
}

async function sayNotInstalled(project: Project, step: StepContext, name: string): Promise<void> {
  const message = project.words.notRun(project.words.notInstalled(name));
  await step.say({ type: "finding", tool: name, severity: "info", message });
}

/** What the formatter has made of the files; one that it took away stays as it was written. */
async function readChanged(
  project: Project,
  step: StepContext,
  paths: string[],
): Promise<{ path: string; content: string }[]> {
  const changed: { path: string; content: string }[] = [];
  for (const path of paths) {
    const before = Buffer.from((await project.read(path)) ?? "");
    const after = await project.context.directory
      .read(path, { maxBytes: FILE_MOST })
      .catch((error: unknown) => {
        if (!isAppError(error) || (error.code !== "not_found" && error.code !== "too_large")) throw error;
        return before;
      });
    if (after.equals(before)) continue;
    const { additions, deletions } = lineChanges(path, before, after);
    await step.say({
      type: "file_changed",
      path,
      change: "modified",
      size: after.length,
      additions,
      deletions,
    });
    changed.push({ path, content: after.toString("utf8") });
  }
  return changed;
}
