import { posix } from "node:path";
import type { Finding } from "#engines/builder/checks/finding.ts";
import { sayFindings } from "#engines/builder/checks/say-findings.ts";
import type { Project } from "#engines/builder/project.ts";
import type { StepContext } from "#engines/engine.ts";

const LINK =
  /<(?:script|link|img|a|source|iframe)\b[^>]{0,2000}?\s(?:src|href)\s*=\s*(?:"([^"]*)"|'([^']*)')/gi;

/** Pages that are opened as they are; what a program makes pages of is linked from where it is served. */
const PAGE = /^(?!.*\b(templates|views)\/).*\bindex\.html?$/i;

/** Files that the project's pages name and that are not there. Addresses elsewhere, and those of a server, are not asked. */
export async function checkLinks(project: Project, step: StepContext): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const page of project.paths.filter((path) => PAGE.test(path))) {
    const text = await project.read(page);
    if (text !== null) findings.push(...missingIn(page, text, new Set(project.paths)));
  }
  await sayFindings(project, step, "links", findings);
  return findings;
}

export function missingIn(page: string, text: string, paths: ReadonlySet<string>): Finding[] {
  // What is only a comment links nothing, and one that is not closed reaches to the end; its lines still count.
  const plain = text.replaceAll(/<!--[\s\S]*?(?:-->|$)/g, (comment) => comment.replaceAll(/[^\n]/g, " "));
  let line = 1;
  let counted = 0;
  return [...plain.matchAll(LINK)].flatMap((found): Finding[] => {
    line += plain.slice(counted, found.index).split("\n").length - 1;
    counted = found.index;
    const link = found[1] ?? found[2] ?? "";
    const path = fileOf(page, link);
    if (path === null || paths.has(path) || paths.has(posix.join(path, "index.html"))) return [];
    return [{ severity: "error", message: `There is no file ${link}`, path: page, line }];
  });
}

/** The project's file that a link names. null: it names none, or what only a server knows. */
function fileOf(page: string, link: string): string | null {
  const [named = ""] = link.trim().split(/[?#]/);
  if (named === "" || /^([a-z][\w+.-]*:|\/)/i.test(named) || /[{}<>$]/.test(named)) return null;
  const path = posix.join(posix.dirname(page), decode(named));
  return path.startsWith("..") ? null : path.replace(/\/$/, "");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not an encoded name: it is meant as it stands.
    return text;
  }
}
