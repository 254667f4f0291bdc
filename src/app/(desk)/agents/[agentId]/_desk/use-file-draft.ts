"use client";

import { useSessionStorage } from "@mantine/hooks";

/** What was typed into a file and not saved yet, null for nothing: it outlives the tab, the page and a reload. */
export function useFileDraft(agentId: string, path: string) {
  const [draft, setDraft, dropDraft] = useSessionStorage<string | null>({
    key: `carrel.file.${agentId}.${path}`,
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  return { draft, setDraft, dropDraft };
}
