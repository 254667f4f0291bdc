"use client";

import { Tooltip } from "@mantine/core";
import { useOs } from "@mantine/hooks";
import type { ReactElement } from "react";
import classes from "#ui/keys.module.css";

/** A key combination as this machine writes it: "mod+K" is ⌘K on a Mac and Ctrl K elsewhere. */
export function Keys({ combo }: { combo: string }) {
  const os = useOs();
  const mac = os === "macos" || os === "ios";
  const parts = combo.split("+").map((part) => (part === "mod" ? (mac ? "⌘" : "Ctrl") : part));
  return (
    <kbd className={classes.keys} suppressHydrationWarning>
      {parts.join(mac ? "" : " ")}
    </kbd>
  );
}

/** A control's name and the key that does the same. */
export function KeyTip({
  label,
  combo,
  children,
}: {
  label: string;
  combo?: string;
  children: ReactElement;
}) {
  return (
    <Tooltip
      label={
        <span className={classes.tip}>
          {label}
          {combo ? <Keys combo={combo} /> : null}
        </span>
      }
    >
      {children}
    </Tooltip>
  );
}
