"use client";

import { useLocalStorage } from "@mantine/hooks";
import type { LineComment } from "#api/schema/run.ts";

type Place = Pick<LineComment, "path" | "line">;

/** Whose lines comments are about: the same files may be the result of two runs. */
export function commentsOn(runId: string, treeHash: string | null): string | null {
  return treeHash === null ? null : `${runId}.${treeHash}`;
}

/** What is to be said of single lines of a result, until it is sent. It outlives a reload, and is the same in each window. */
export function useLineComments(subject: string | null) {
  const [comments, setComments] = useLocalStorage<LineComment[]>({
    key: `carrel.comments.${subject}`,
    defaultValue: [],
    deserialize: readComments,
  });
  const without = (place: Place) => comments.filter((one) => !isAt(one, place));
  return {
    comments,
    /** those that say something, as they are sent */
    said: comments.filter(({ text }) => text.trim() !== ""),
    /** One comment a line; one without words is none. */
    put: (comment: LineComment) =>
      setComments([...without(comment), ...(comment.text === "" ? [] : [comment])].sort(byPlace)),
    drop: (place: Place) => setComments(without(place)),
    clear: () => setComments([]),
  };
}

export function isAt(comment: LineComment, { path, line }: Place): boolean {
  return comment.path === path && comment.line === line;
}

function byPlace(one: Place, other: Place): number {
  return one.path === other.path ? one.line - other.line : one.path < other.path ? -1 : 1;
}

function readComments(stored: string | undefined): LineComment[] {
  try {
    const found: unknown = JSON.parse(stored ?? "[]");
    return Array.isArray(found) ? found.filter(isComment) : [];
  } catch {
    // Not ours: as if nothing had been said.
    return [];
  }
}

function isComment(value: unknown): value is LineComment {
  const one = value as Partial<LineComment> | null;
  return typeof one?.path === "string" && typeof one.line === "number" && typeof one.text === "string";
}
