/** One line of somebody's text, without anything that a terminal, git or a trailer would read. */
export function oneLine(text: string, length: number): string {
  const line = text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  return line.length > length ? `${line.slice(0, length - 1).trimEnd()}…` : line;
}

/**
 * Somebody's text as Markdown that says the same and does nothing: no mention that would ring at a stranger, no
 * reference that would close an issue, no picture that would be fetched, no HTML, no heading that would pass for ours.
 */
export function inert(text: string, length = 4_000): string {
  const cut = text.length > length ? `${text.slice(0, length).trimEnd()}…` : text;
  return cut
    .replaceAll(/[^\P{Cc}\n\t]/gu, "")
    .replaceAll(/[\\`*_{}[\]<>!|~]/g, "\\$&")
    .replaceAll("@", "@\u200b")
    .replaceAll(/#(?=\w)/g, "#\u200b")
    .replaceAll(/\bGH-(?=\d)/gi, "GH\u200b-")
    .replaceAll("://", ":\u200b//")
    .replaceAll(/^( {0,3}\d*)((?<!\d)(?:#|>|[-+=])|(?<=\d)[.)])/gm, "$1\\$2");
}

/** The same as a quotation. */
export function quotation(text: string, length?: number): string {
  return inert(text, length)
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");
}
