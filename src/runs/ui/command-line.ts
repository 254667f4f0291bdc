/**
 * A command as one line, and back. Arguments stand apart by blanks; one that holds blanks, quotes or nothing is written in
 * double quotes, in which a backslash keeps the next character as it is. Nothing else means anything: there is no shell.
 */
export function writeCommand(argv: readonly string[]): string {
  return argv
    .map((part) => (/^[^\s"'\\]+$/.test(part) ? part : `"${part.replaceAll(/["\\]/g, "\\$&")}"`))
    .join(" ");
}

export function readCommand(line: string): string[] {
  const argv: string[] = [];
  // A part is a run of plain characters, and of quoted ones, without a blank between.
  for (const [part] of line.matchAll(/(?:"(?:[^"\\]|\\[\s\S])*"?|'[^']*'?|[^\s"'])+/g))
    argv.push(unquoted(part));
  return argv;
}

function unquoted(part: string): string {
  return part.replaceAll(
    /"((?:[^"\\]|\\[\s\S])*)"?|'([^']*)'?/g,
    (_all, double: string | undefined, single: string | undefined) =>
      double === undefined ? (single ?? "") : double.replaceAll(/\\([\s\S])/g, "$1"),
  );
}

/** The commands of a text, a line each. What stands in double quotes may go on over lines. */
export function linesOf(text: string): string[] {
  const lines = text.match(/(?:"(?:[^"\\]|\\[\s\S])*"|[^\n])+/g) ?? [];
  return lines.filter((line) => line.trim() !== "");
}

/** A command that comes to its end, or a server with where it answers. */
export type RunLine = string[] | { argv: string[]; port?: number | undefined; path?: string | undefined };

/** A server stands with its place: `node server.js => :8080/health`. */
export function writeRunEntry(entry: RunLine): string {
  if (Array.isArray(entry)) return writeCommand(entry);
  const place = entry.port === undefined ? "" : ` => :${entry.port}${entry.path ?? ""}`;
  return writeCommand(entry.argv) + place;
}

export function readRunEntry(line: string): RunLine {
  const [, command, port, path] = /^([\s\S]*?)\s=>\s*:(\d+)(\/\S*)?\s*$/.exec(line) ?? [];
  if (command === undefined) return readCommand(line);
  return { argv: readCommand(command), port: Number(port), ...(path === undefined ? {} : { path }) };
}
