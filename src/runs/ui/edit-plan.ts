/** A plan while a person edits it. Every change gives a new plan; what is wrong with it the API says. */
export interface DraftFile {
  path: string;
  purpose: string;
  language: string;
  complexity: "low" | "medium" | "high";
  dependsOn: string[];
}

/** The file is planned no more, and nothing planned needs it. */
export function dropFile<T extends { files: DraftFile[] }>(plan: T, path: string): T {
  const files = plan.files
    .filter((file) => file.path !== path)
    .map((file) => ({ ...file, dependsOn: file.dependsOn.filter((needed) => needed !== path) }));
  return { ...plan, files };
}

export function changeFile<T extends { files: DraftFile[] }>(
  plan: T,
  path: string,
  change: Partial<DraftFile>,
): T {
  return { ...plan, files: plan.files.map((file) => (file.path === path ? { ...file, ...change } : file)) };
}

export function addFile<T extends { files: DraftFile[] }>(plan: T, path: string, purpose: string): T {
  const file: DraftFile = { path, purpose, language: languageOf(path), complexity: "medium", dependsOn: [] };
  return { ...plan, files: [...plan.files, file] };
}

const LANGUAGES: Record<string, string> = {
  py: "python",
  js: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  ts: "typescript",
  sh: "bash",
  md: "markdown",
  json: "json",
  yml: "yaml",
  yaml: "yaml",
  toml: "toml",
  csv: "csv",
  html: "html",
  css: "css",
  svg: "svg",
  sql: "sql",
};

function languageOf(path: string): string {
  return LANGUAGES[path.slice(path.lastIndexOf(".") + 1).toLowerCase()] ?? "text";
}
