import { problemOfPath } from "#engines/builder/check-path.ts";
import { problemsOfFolders } from "#engines/builder/existing/check-arrangement.ts";
import { applyChanges } from "#engines/builder/repairs/apply-changes.ts";
import type { Edit } from "#engines/builder/repairs/edits.ts";

export interface NewText {
  path: string;
  content: string;
}

/**
 * The files' new texts, from edits against the files as the model was shown them; or what is wrong with the edits.
 * `present`: every file of the project.
 */
export function resolveEdits(
  edits: readonly Edit[],
  shown: ReadonlyMap<string, string>,
  present: readonly string[],
): { texts: NewText[]; problems: string[] } {
  const paths = edits.map(({ path }) => path);
  const texts: NewText[] = [];
  const problems: string[] = [];
  for (const [index, edit] of edits.entries()) {
    const { path, changes, content } = edit;
    const problem = problemOfPath(path);
    const before = shown.get(path);
    if (problem) problems.push(`${JSON.stringify(path)} ${problem}.`);
    else if (paths.indexOf(path) !== index)
      problems.push(`${path} is edited twice; give all of it in one edit.`);
    else if ((changes === undefined) === (content === undefined))
      problems.push(`${path}: give either changes or content.`);
    else if (content !== undefined) texts.push({ path, content });
    else if (before === undefined)
      problems.push(`${path} was not shown, so only its whole content can be given.`);
    else {
      const applied = applyChanges(path, before, changes ?? []);
      if ("text" in applied) texts.push({ path, content: applied.text });
      else problems.push(...applied.problems);
    }
  }
  const written = texts.map(({ path }) => path);
  problems.push(...problemsOfFolders(written, [...present, ...written], present));
  return { texts, problems };
}
