"use client";

import { useState } from "react";

// They outlive the panel: on a phone the changes are another page, and one goes there to comment on lines.
const drafts = new Map<string, string>();

/** What is being written of what should change. `about`: the review that is answered. */
export function useRequestDraft(about: string) {
  const [text, setText] = useState(() => drafts.get(about) ?? "");
  const write = (written: string) => {
    if (written === "") drafts.delete(about);
    else drafts.set(about, written);
    setText(written);
  };
  return { text, write };
}

export function hasRequestDraft(about: string): boolean {
  return drafts.has(about);
}

export function dropRequestDraft(about: string): void {
  drafts.delete(about);
}
