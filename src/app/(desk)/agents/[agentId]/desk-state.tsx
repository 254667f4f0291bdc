"use client";

import { useSessionStorage } from "@mantine/hooks";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";

export const DESK_TABS = ["timeline", "files", "changes"] as const;
export type DeskTab = (typeof DESK_TABS)[number];

interface Shown {
  /** null: the newest run */
  runId: string | null;
  /** the step that is asked to be open */
  stepKey: string | null;
  /** the file that is asked to be open */
  path: string | null;
}

/** Where the reader is in the agent's directory. */
export interface Place {
  path: string;
  kind: "directory" | "file";
}

interface DeskState extends Shown {
  tab: DeskTab;
  /** kept here, since the files leave the page with their tab and when the window becomes narrow */
  place: Place;
  setPlace: (place: Place) => void;
  /** on a small screen the conversation and the desk are two pages */
  page: "talk" | "desk";
  setPage: (page: "talk" | "desk") => void;
  /** Lays something on the desk, and on a small screen turns to it. */
  show: (tab: DeskTab, what?: Partial<Shown>) => void;
}

const TOP: Place = { path: "", kind: "directory" };
const NOTHING: Shown = { runId: null, stepKey: null, path: null };
const Context = createContext<DeskState | null>(null);

export function DeskProvider({ children }: { children: ReactNode }) {
  // Of this window alone: another may show another agent, or another side of this one.
  const [tab, setTab] = useSessionStorage<DeskTab>({ key: "carrel.desk.tab", defaultValue: "timeline" });
  const [shown, setShown] = useState<Shown>(NOTHING);
  const [place, setPlace] = useState<Place>(TOP);
  const [page, setPage] = useState<"talk" | "desk">("talk");
  const show = useCallback(
    (to: DeskTab, what: Partial<Shown> = {}) => {
      setTab(to);
      setShown((before) => ({ ...before, stepKey: null, ...what }));
      if (what.path) setPlace({ path: what.path, kind: "file" });
      setPage("desk");
    },
    [setTab],
  );
  const value = useMemo(
    () => ({ ...shown, tab, place, setPlace, page, setPage, show }),
    [shown, tab, place, page, show],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useDesk(): DeskState {
  const desk = useContext(Context);
  if (!desk) throw new Error("useDesk is for what stands inside a DeskProvider");
  return desk;
}
