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

const EACH = (command: string) => `bad=0; for path; do ${command} "$path" || bad=1; done; exit $bad`;

/** Commands that read every program of the plan without running it: one for each language. */
export function syntaxCommands(
  plan: Plan,
  languages: Record<string, string>,
): { argv: string[]; label: string }[] {
  const forLanguage = (language: string, command: string[], label: string) => {
    const paths = plan.files
      .filter((file) => languageName(file.language) === language && language in languages)
      .map(({ path }) => path);
    if (paths.length === 0) return [];
    return [
      {
        argv: [...command, ...paths],
        label: `${label}: ${paths.length === 1 ? paths[0] : `${paths.length} files`}`,
      },
    ];
  };
  return [
    ...forLanguage("python", ["python3", "-c", PYTHON], "python3 ast.parse"),
    ...forLanguage("javascript", ["sh", "-c", EACH("node --check"), "sh"], "node --check"),
    ...forLanguage("bash", ["sh", "-c", EACH("bash -n"), "sh"], "bash -n"),
  ];
}
