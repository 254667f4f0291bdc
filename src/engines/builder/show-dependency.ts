import { languageName } from "#engines/builder/languages.ts";
import { WHOLE_DEPENDENCY } from "#engines/builder/tunables.ts";

/** characters of one line that can matter to who uses the file */
const LINE_MOST = 400;

/**
 * A file as those see it that use it: whole while it is short, and of a longer one what it offers: names, parameters,
 * types and first words of documentation. Read line by line, so that what is no program harms nothing.
 */
export function showDependency(
  path: string,
  content: string,
): { path: string; content: string; part: boolean } {
  if (content.length <= WHOLE_DEPENDENCY) return { path, content, part: false };
  const shown = interfaceOf(path, content) || content;
  return { path, content: shown.slice(0, WHOLE_DEPENDENCY), part: true };
}

/** What a program offers to those that use it; empty where that cannot be told. */
export function interfaceOf(path: string, content: string): string {
  const language = languageName(path.slice(path.lastIndexOf(".") + 1));
  const lines = content.split("\n").map((line) => line.slice(0, LINE_MOST));
  const offered =
    language === "python" ? pythonOffers(lines) : SCRIPTS.has(language) ? scriptOffers(lines) : [];
  return offered.join("\n");
}

const SCRIPTS = new Set(["javascript", "typescript", "mjs", "cjs", "jsx", "tsx", "mts"]);

/** Signatures with their decorators and the first line of what they say of themselves; imports; names of the module. */
function pythonOffers(lines: string[]): string[] {
  const offered: string[] = [];
  let open = 0;
  let signed = false;
  for (const line of lines) {
    if (open > 0) {
      offered.push(line);
      open = Math.max(0, open + balance(line));
      continue;
    }
    if (/^\s*(async +def|def|class) /.test(line)) {
      offered.push(line);
      open = Math.max(0, balance(line));
      signed = true;
      continue;
    } else if (/^(\s*@|from |import |[A-Za-z_]\w*( *:[^=]{1,200})? *=)/.test(line)) offered.push(line);
    else if (signed && /^\s+[rRuU]?("""|''')/.test(line)) offered.push(line);
    if (open === 0 && line.trim() !== "") signed = false;
  }
  return offered;
}

/** What is exported, types whole; the methods of classes; imports; comments of one line before them. */
function scriptOffers(lines: string[]): string[] {
  const offered: string[] = [];
  let open = 0;
  let inClass = false;
  let inType = false;
  for (const [index, line] of lines.entries()) {
    if (open > 0) {
      offered.push(line);
      open = Math.max(0, open + balance(line));
    } else if (/^}/.test(line)) {
      if (inClass || inType) offered.push(line);
      inClass = false;
      inType = false;
    } else if (inType) offered.push(line);
    else if (/^(export|import|module\.exports|exports\.|class|abstract class)\b/.test(line)) {
      const before = lines[index - 1] ?? "";
      if (/^\/\*\*.*\*\/$/.test(before)) offered.push(before);
      offered.push(line);
      inType = /^export (declare )?(interface|type|enum)\b/.test(line) && line.endsWith("{");
      inClass = /\bclass\b/.test(line) && line.endsWith("{");
      open = inType || inClass ? 0 : Math.max(0, balance(line));
    } else if (inClass && /^(\t| {2}| {4})(?! |(if|for|while|switch|catch)\b)[\w$#* ]+\(.*\{$/.test(line)) {
      offered.push(line);
    }
  }
  return offered;
}

/** How many more round brackets the line opens than it closes: a signature over several lines goes on. */
function balance(line: string): number {
  let open = 0;
  for (const character of line) open += character === "(" ? 1 : character === ")" ? -1 : 0;
  return open;
}
