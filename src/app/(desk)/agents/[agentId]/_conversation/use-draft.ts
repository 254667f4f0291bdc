"use client";

import { useCallback, useEffect, useState } from "react";

interface Draft {
  text: string;
  /** made with the first letter: the message's Idempotency-Key */
  key: string;
}

const NO_DRAFT: Draft = { text: "", key: "" };
const storageKey = (agentId: string) => `carrel.draft.${agentId}`;

/** What is being typed to an agent. It outlives a reload and a closed window. */
export function useDraft(agentId: string) {
  const [draft, setDraft] = useState<Draft>(NO_DRAFT);
  useEffect(() => setDraft(readDraft(agentId)), [agentId]);

  const write = useCallback(
    (text: string) =>
      setDraft((before) => {
        const draft = text === "" ? NO_DRAFT : { text, key: before.key || crypto.randomUUID() };
        if (text === "") localStorage.removeItem(storageKey(agentId));
        else localStorage.setItem(storageKey(agentId), JSON.stringify(draft));
        return draft;
      }),
    [agentId],
  );
  return { draft, write };
}

function readDraft(agentId: string): Draft {
  try {
    const stored = JSON.parse(localStorage.getItem(storageKey(agentId)) ?? "null") as Partial<Draft> | null;
    return stored?.text && stored.key ? { text: stored.text, key: stored.key } : NO_DRAFT;
  } catch {
    // Not ours: as if nothing had been typed.
    return NO_DRAFT;
  }
}
