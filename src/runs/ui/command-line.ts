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
