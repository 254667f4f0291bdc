"use client";

import { useDocumentTitle } from "@mantine/hooks";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import type { Agent } from "#api/schema/agent.ts";
import type { StateWord } from "#app/_shell/agent-state.ts";
import { useStepWords } from "#app/_shell/step-words.ts";
import { useAgentState } from "#app/_shell/use-agent-state.ts";

const SIGNS: Record<StateWord, string> = {
  idle: "○",
  waiting: "…",
  working: "◔",
  needsYou: "◆",
  failed: "✕",
  done: "✓",
  stopped: "⊖",
};

const ICONS: Record<StateWord, string> = {
  idle: "idle",
  waiting: "waiting",
  working: "working",
  needsYou: "needs-you",
  failed: "failed",
  done: "done",
  stopped: "idle",
};

/** The agent's state in the browser's own tab: the same sign in title and icon. */
export function TabState({ agent }: { agent: Agent }) {
  const t = useTranslations("state");
  const words = useStepWords();
  const state = useAgentState(agent);
  const word = state.step ? words.doing(state.step) : t(state.word);
  useDocumentTitle(`${SIGNS[state.word]} ${agent.name} · ${word} · Carrel`);
  useIcon(`/icons/${ICONS[state.word]}.svg`);
  return null;
}

/** The link belongs to the page's metadata: only its address is changed, and given back at the end. */
function useIcon(href: string): void {
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    const own = link?.href;
    if (link) link.href = href;
    return () => {
      if (link && own) link.href = own;
    };
  }, [href]);
}
