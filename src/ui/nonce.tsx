"use client";

import { createContext, useContext } from "react";

const Nonce = createContext<string | undefined>(undefined);

export const NonceProvider = Nonce.Provider;

/** The page's nonce, for what makes style elements of its own in the browser. */
export function useNonce(): string | undefined {
  return useContext(Nonce);
}
