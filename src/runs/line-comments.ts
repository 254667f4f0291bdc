import type { Database } from "#platform/db.ts";
import { AppError } from "#platform/errors.ts";
import { readBlob, readTree } from "#snapshots/read-tree.ts";

/** What a person has to say of one line of a result. */
export interface LineComment {
  path: string;
  /** from 1, in the result's file */
  line: number;
  text: string;
}

/** characters of the line that stand with its comment */
const LINE_SHOWN = 200;

/**
 * A wish for changes in words: what was said of the whole, then each comment under its place and the line it is about,
 * so that whoever reads the conversation later, person or model, needs no numbers of lines that have since moved.
 * @throws AppError bad_request for a file or line that the tree does not have; not_found for another user's tree
 */
export async function sayLineComments(
  db: Database,
  about: { userId: string; treeHash: string; comment: string; comments: LineComment[] },
): Promise<string> {
  const entries = new Map((await readTree(db, about.userId, about.treeHash)).map((one) => [one.path, one]));
  const files = new Map<string, string[]>();
  const said: string[] = [];
  for (const { path, line, text } of about.comments) {
    const entry = entries.get(path);
    if (!entry) throw new AppError("bad_request", `The result has no file ${path}.`);
    const lines =
      files.get(path) ?? (await readBlob(db, about.userId, entry.hash)).toString("utf8").split("\n");
    files.set(path, lines);
    const shown = lines[line - 1];
    if (shown === undefined)
      throw new AppError("bad_request", `${path} has ${lines.length} lines; there is no line ${line}.`);
    said.push(`${path}:${line}\n> ${shown.trim().slice(0, LINE_SHOWN)}\n${text.trim()}`);
  }
  return [about.comment.trim(), ...said].filter(Boolean).join("\n\n");
}
