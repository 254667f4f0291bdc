import type { Snippet } from "#api/schema/workspace.ts";

const QUOTE = (path: string) => `'${path.replaceAll("'", "'\\''")}'`;

/** What to try first when somebody looks at this file and wants to run something. */
export function runFile(path: string): Pick<Snippet, "language" | "code"> | null {
  if (path.endsWith(".py")) return { language: "bash", code: `python3 ${QUOTE(path)}\n` };
  if (/\.(m|c)?js$/.test(path)) return { language: "bash", code: `node ${QUOTE(path)}\n` };
  if (path.endsWith(".sh")) return { language: "bash", code: `bash ${QUOTE(path)}\n` };
  return null;
}
