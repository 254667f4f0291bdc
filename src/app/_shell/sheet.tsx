"use client";

import { createContext, useContext } from "react";

const OpenSheet = createContext<() => void>(() => undefined);

export const SheetProvider = OpenSheet.Provider;

/** Opens the sheet with the agents, on screens too small for the rail. */
export function useOpenSheet(): () => void {
  return useContext(OpenSheet);
}
