/** What a tool has to say of a file, in the words of the `finding` event. */
export interface Finding {
  severity: "info" | "warning" | "error";
  message: string;
  path?: string;
  line?: number;
}

/** How much of one tool's findings is told; the rest is counted. */
export const FINDINGS_TOLD = 50;

const MESSAGE_MOST = 500;

/**
 * The path as the project knows it, from what a tool says: some say where the file really lies. null: it is no file
 * of the project, and a finding about it is nobody's.
 */
export function pathInProject(said: string, paths: readonly string[]): string | null {
  const plain = said.replaceAll("\\", "/").replace(/^\.\//, "");
  if (paths.includes(plain)) return plain;
  const matches = paths.filter((path) => plain.endsWith(`/${path}`));
  return matches.sort((a, b) => b.length - a.length)[0] ?? null;
}

/** A tool's words on one line, short enough for a list. */
export function oneLine(message: string): string {
  return message.replaceAll(/\s+/g, " ").trim().slice(0, MESSAGE_MOST);
}
