import { diffWordsWithSpace, parsePatch } from "diff";

export interface DiffPart {
  text: string;
  changed: boolean;
}

export interface DiffLine {
  kind: "same" | "added" | "removed";
  /** line numbers, from 1; null on the side where the line is not */
  before: number | null;
  after: number | null;
  parts: DiffPart[];
}

export interface DiffHunk {
  /** the first line of the hunk on each side */
  before: number;
  after: number;
  lines: DiffLine[];
}

/** Beyond this, marking the words inside a line costs more than it shows. */
const LONGEST_MARKED_LINE = 500;

/** A unified patch of one file as lines to draw, with the words that changed marked inside changed lines. */
export function parseHunks(patch: string): DiffHunk[] {
  const hunks = parsePatch(patch).flatMap((file) => file.hunks);
  return hunks.map((hunk) => {
    let [before, after] = [hunk.oldStart, hunk.newStart];
    const lines = hunk.lines.flatMap((raw): DiffLine[] => {
      const parts = [{ text: raw.slice(1), changed: false }];
      if (raw.startsWith("+")) return [{ kind: "added", before: null, after: after++, parts }];
      if (raw.startsWith("-")) return [{ kind: "removed", before: before++, after: null, parts }];
      if (raw.startsWith("\\")) return [];
      return [{ kind: "same", before: before++, after: after++, parts }];
    });
    return { before: hunk.oldStart, after: hunk.newStart, lines: markWords(lines) };
  });
}

function markWords(lines: DiffLine[]): DiffLine[] {
  const marked = [...lines];
  let index = 0;
  while (index < marked.length) {
    const removed = runOf(marked, index, "removed");
    const added = runOf(marked, index + removed, "added");
    if (removed > 0 && removed === added) {
      for (let offset = 0; offset < removed; offset++)
        markPair(marked, index + offset, index + removed + offset);
    }
    index += Math.max(1, removed + added);
  }
  return marked;
}

function runOf(lines: DiffLine[], from: number, kind: DiffLine["kind"]): number {
  let length = 0;
  while (lines[from + length]?.kind === kind) length++;
  return length;
}

function markPair(lines: DiffLine[], removedAt: number, addedAt: number): void {
  const [removed, added] = [lines[removedAt], lines[addedAt]];
  if (!removed || !added) return;
  const [before, after] = [removed.parts[0]?.text ?? "", added.parts[0]?.text ?? ""];
  if (before.length > LONGEST_MARKED_LINE || after.length > LONGEST_MARKED_LINE) return;
  const words = diffWordsWithSpace(before, after);
  const kept = words
    .filter((word) => !word.added && !word.removed)
    .reduce((sum, word) => sum + word.value.length, 0);
  // Two lines with little in common are read more easily whole.
  if (kept < Math.max(before.length, after.length) / 3) return;
  lines[removedAt] = {
    ...removed,
    parts: words.filter((word) => !word.added).map((word) => ({ text: word.value, changed: word.removed })),
  };
  lines[addedAt] = {
    ...added,
    parts: words.filter((word) => !word.removed).map((word) => ({ text: word.value, changed: word.added })),
  };
}
