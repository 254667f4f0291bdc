/** Files that need no interpreter. */
const DATA = new Set([
  "markdown",
  "text",
  "plaintext",
  "json",
  "yaml",
  "toml",
  "ini",
  "csv",
  "tsv",
  "xml",
  "html",
  "css",
  "svg",
  "sql",
  "gitignore",
  "dotenv",
  "config",
  "license",
  "makefile",
  "data",
  "none",
]);

const SAME: Record<string, string> = {
  py: "python",
  python3: "python",
  js: "javascript",
  node: "javascript",
  ts: "typescript",
  sh: "bash",
  shell: "bash",
  md: "markdown",
  txt: "text",
  yml: "yaml",
};

/** Programs that plans may call, and the language that each needs. */
const INTERPRETERS: Record<string, string> = {
  python: "python",
  python3: "python",
  node: "javascript",
  bash: "bash",
  sh: "bash",
  pip: "python",
  pip3: "python",
  pytest: "python",
  npm: "javascript",
  npx: "javascript",
  pnpm: "javascript",
  vitest: "javascript",
  jest: "javascript",
};

/** One name for each language, however the model calls it. */
export function languageName(given: string): string {
  const name = given.trim().toLowerCase();
  return SAME[name] ?? name;
}

/** Whether a file in this language can be used in the workspace. */
export function isUsable(language: string, available: Record<string, string>): boolean {
  const name = languageName(language);
  return DATA.has(name) || name in available;
}

/** The language that a command's program interprets; null: it is not an interpreter that plans may call. */
export function interpreterOf(argv: string[]): string | null {
  return INTERPRETERS[argv[0] ?? ""] ?? null;
}
