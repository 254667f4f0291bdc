"use client";

import { type ReactNode, useEffect, useRef } from "react";
import classes from "#ui/output.module.css";

interface OutputProps {
  label: string;
  children: ReactNode;
  /** stays at its end while it grows */
  follows?: boolean;
}

/** What a program printed. Long output scrolls by itself, with the keyboard too. */
export function Output({ label, children, follows = false }: OutputProps) {
  const box = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new piece of text scrolls
  useEffect(() => {
    if (follows && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [children, follows]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section ref={box} className={classes.box} aria-label={label} tabIndex={0}>
      <pre className={classes.text}>{children}</pre>
    </section>
  );
}
