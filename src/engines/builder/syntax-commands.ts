import { languageName } from "#engines/builder/languages.ts";
import type { Plan } from "#engines/builder/plan.ts";

const PYTHON = `import ast, sys
bad = 0
for path in sys.argv[1:]:
    try:
        ast.parse(open(path, encoding="utf-8").read(), path)
    except (SyntaxError, ValueError) as error:
        bad = 1
        print(f"{path}: {error}", file=sys.stderr)
sys.exit(bad)`;

/** Commands that read every program of the plan without running it. */
export function syntaxCommands(
  plan: Plan,
  languages: Record<string, string>,
): { argv: string[]; label: string }[] {
  const pathsOf = (language: string) =>
    plan.files
      .filter((file) => languageName(file.language) === language && language in languages)
      .map(({ path }) => path);
  const python = pathsOf("python");
  return [
    ...(python.length > 0
      ? [{ argv: ["python3", "-c", PYTHON, ...python], label: `python3: syntax of ${python.length} files` }]
      : []),
    ...pathsOf("javascript").map((path) => ({
      argv: ["node", "--check", path],
      label: `node --check ${path}`,
    })),
    ...pathsOf("bash").map((path) => ({ argv: ["bash", "-n", path], label: `bash -n ${path}` })),
  ];
}
