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
  const known = setOf(paths);
  const plain = said.slice(-PATH_MOST).replaceAll("\\", "/").replace(/^\.\//, "");
  if (known.has(plain)) return plain;
  const names = plain.split("/").slice(1).slice(-NAMES_MOST);
  // The longest that it can be comes first.
  const found = names.findIndex((_, index) => known.has(names.slice(index).join("/")));
  return found < 0 ? null : names.slice(found).join("/");
}

/** characters of a path, and names in it that are compared: more is a report that was made to keep us busy */
const PATH_MOST = 4_096;
const NAMES_MOST = 50;

/** of each list of paths, looked through once, however many findings are about it */
const KNOWN = new WeakMap<readonly string[], ReadonlySet<string>>();

function setOf(paths: readonly string[]): ReadonlySet<string> {
  const known = KNOWN.get(paths) ?? new Set(paths);
  KNOWN.set(paths, known);
  return known;
}

/** A tool's words on one line, short enough for a list. */
export function oneLine(message: string): string {
  return message.replaceAll(/\s+/g, " ").trim().slice(0, MESSAGE_MOST);
}
